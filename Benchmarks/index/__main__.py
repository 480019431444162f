"""HNSW beside IVFFlat; `run` beside this file says how."""

import argparse
import json
from pathlib import Path

import measuring
import tables


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("program", "psql", "log", "json", "document"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("maintenance", "database"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("port", "seconds", "queries"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("bundles", nargs="+", type=Path)
    arguments = parser.parse_args()
    results = [measuring.measure(bundle, arguments) for bundle in arguments.bundles]
    arguments.json.write_text(json.dumps(results, indent=1) + "\n")
    print(tables.text(results))
    tables.publish(results, arguments.document)


main()
