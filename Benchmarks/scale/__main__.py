"""`run` beside this file says what is measured."""

import argparse
import json
import sys
from pathlib import Path

from comparison.failure import Failure

import copying
import filtering
import serving
import storages
import switching
from database import Database
from service import Service
from tables import write

PARTS = {"copy": copying.measure, "storage": storages.measure, "serve": serving.measure,
         "filter": filtering.measure, "switch": switching.measure}


def main():
    parser = argparse.ArgumentParser()
    for name in ("home", "programs", "postgres-programs", "pgbench", "log", "document"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("port", "seconds", "queries"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("parts", nargs="+", choices=PARTS)
    arguments = parser.parse_args()
    database = Database(arguments.postgres_programs, arguments.log, arguments.programs, arguments.home)
    service = Service(arguments.programs, arguments.port, arguments.home / "service.log")
    results = arguments.home / "results.json"
    seen = json.loads(results.read_text()) if results.exists() else {}
    for part in arguments.parts:
        print(f"\n==> {part}", file=sys.stderr, flush=True)
        seen[part] = PARTS[part](database, service, arguments)
        seen["items"], seen["dimensions"] = database.items, database.dimensions
        results.write_text(json.dumps(seen, indent=1) + "\n")
        write(seen, arguments.document)


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"error: {failure}")
