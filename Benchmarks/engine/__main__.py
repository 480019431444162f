"""The query engine beside its floors and FastAPI, in turns; `Benchmarks/engine/run` calls it and says how."""

import argparse
import os
import sys
import time
from pathlib import Path

from comparison.failure import Failure

from bench import EngineBench, say
from report import ratios_line, table, write_document, write_json


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--programs", type=Path, required=True, help="the folder of kindred, engine-servers and the like")
    parser.add_argument("--postgres-programs", type=Path, required=True, help="the folder of psql and pgbench")
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    arguments = parser.parse_args()
    if arguments.rounds < 3 or arguments.seconds < 1:
        parser.error("there must be at least 3 rounds, for a median, of at least 1 second")
    os.environ["KINDRED_PROGRAMS"] = str(arguments.programs)

    home = arguments.home / "engine"
    home.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    try:
        bench = EngineBench(
            arguments.project, home, arguments.programs, arguments.postgres_programs, arguments.rounds, arguments.seconds)
        result = bench.run()
        unfit = bench.reason_not_to_publish()
        file = home / "trial.json" if unfit else arguments.project / "Benchmarks/engine/results.json"
        write_json(file, result)
        if not unfit:
            write_document(arguments.project / "docs/engine.md", table(result))
    except Failure as failure:
        sys.exit(f"\nerror: {failure}")
    print(table(result))
    say(f"written to {file} after {time.monotonic() - began:.0f} s")
    if unfit:
        say(f"{unfit}: docs/engine.md stays as it is")
    print(ratios_line(result), flush=True)


main()
