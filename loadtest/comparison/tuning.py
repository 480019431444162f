"""
What the peers were tuned by: recall by `ef_search`, and processor time by request.

    eval "$(scripts/postgres env)"; export DATABASE_URL KINDRED_POSTGRES_BIN
    PYTHONPATH=loadtest python3 -m comparison.tuning recall faiss milvus-lite chroma
    PEER_CONNECTIONS=2 PYTHONPATH=loadtest python3 -m comparison.tuning cost fastapi-pgvector

Needs a database with an active generation, and KINDRED_PROGRAMS for the peers that are Kindred itself.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from comparison.answers import fetch_answers
from comparison.contract import recall
from comparison.database import Database
from comparison.failure import Failure
from comparison.load import Load
from comparison.peer import read_peers

ROUNDS, SECONDS = 3, 3


def print_recall(peer, database, logs):
    movies, _ = database.ids()
    truth = database.exact_neighbours(10)
    for peer.ef_search in (16, 32, 64, 128, 192):
        peer.run_step("prepare")
        with peer.running(logs) as url:
            found = recall(fetch_answers(url, movies, []), truth)
        print(f"{peer.name}: recall@10 {found:.5f} at ef_search {peer.ef_search}", flush=True)


def print_cost(peer, database, logs):
    load = Load(SECONDS, database.ids()[0], programs=None)
    peer.run_step("prepare")
    costs = []
    for _ in range(ROUNDS):
        with peer.running(logs) as url:
            load.closed_loop(peer, url, 1)
            before = processor_seconds(peer.group)
            answered = load.closed_loop(peer, url, SECONDS)["requests"]
            costs.append((processor_seconds(peer.group) - before) / answered)
    print(f"{peer.name}: {min(costs) * 1e6:.0f} µs of processor time a request, lowest of {ROUNDS} rounds")


def processor_seconds(group):
    """User and system time of the processes of a group that are alive."""
    ticks = 0
    for process in Path("/proc").iterdir():
        try:
            # What follows the command, which may itself hold spaces and brackets.
            words = (process / "stat").read_text().rpartition(")")[2].split() if process.name.isdecimal() else None
        except OSError:
            continue
        if words and int(words[2]) == group:
            ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["recall", "cost"])
    parser.add_argument("peers", nargs="+")
    arguments = parser.parse_args()
    missing = {"DATABASE_URL", "KINDRED_POSTGRES_BIN"} - os.environ.keys()
    if missing:
        parser.error(f"{', '.join(sorted(missing))} must be set")
    folder = Path(__file__).resolve().parent.parent / "peers"
    try:
        database = Database(os.environ["KINDRED_POSTGRES_BIN"])
        with tempfile.TemporaryDirectory() as logs:
            for peer in read_peers([folder / name for name in arguments.peers]):
                peer.run_step("setup")
                (print_recall if arguments.what == "recall" else print_cost)(peer, database, Path(logs))
    except Failure as failure:
        sys.exit(f"error: {failure}")


main()
