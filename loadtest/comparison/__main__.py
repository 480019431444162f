"""Compares Kindred with its peers; `loadtest/bench` calls it and says how."""

import argparse
import os
import sys
import time
from pathlib import Path

from comparison.answers import fetch_answers
from comparison.contract import check
from comparison.database import Database
from comparison.failure import Failure
from comparison.intervals import summary
from comparison.load import Load, PgbenchLoad
from comparison.manifest import manifest
from comparison.peer import read_peers
from comparison.report import table, write_document, write_json

#: Kindred's own default, which every peer over pgvector uses too.
EF_SEARCH = 64
EF_TRIED = (64, 128, 256)
#: With fewer rounds there is no interval, and nothing is published.
ENOUGH_ROUNDS = 5
#: Nor where other work takes more than this share of the processors: it would be measured too.
QUIET = 0.1

#: The share of answers that may come from a fallback; with more the peer did not do what is compared.
FALLBACKS = 0.001


def say(words):
    print(f"    {words}", file=sys.stderr, flush=True)


class Comparison:
    def __init__(self, arguments):
        self.project = arguments.project
        self.home = arguments.home / "bench"
        self.home.mkdir(parents=True, exist_ok=True)
        self.rounds = arguments.rounds
        self.peers = read_peers(arguments.peers)
        self.reference = self._only("the reference", [p for p in self.peers if p.contract == "reference"])
        self.pacer = self._only("the one that sets the rate", [p for p in self.peers if p.sets_rate])
        self.database = Database(arguments.postgres_programs)
        self.movies, self.users = self.database.ids()
        self.load = Load(arguments.seconds, self.movies, arguments.programs)
        self.pgbench = PgbenchLoad(self.database, self.load, EF_SEARCH)
        # Read before anything is loaded, so that it speaks of the machine and not of this run.
        self.manifest = manifest(
            self.project, self.database, self.pgbench.statement("$1"), self.peers,
            {"rounds": self.rounds, "seconds": arguments.seconds, "ef_search": EF_SEARCH})
        self.recall = {}
        self.runs = {peer.name: [] for peer in self.peers}

    @staticmethod
    def _only(what, found):
        if len(found) != 1:
            raise Failure(f"the peers must hold {what} once; they hold it {len(found)} times")
        return found[0]

    def unpublished(self, named):
        """Why this run's figures are for nobody else; None when they may be published."""
        if self.rounds < ENOUGH_ROUNDS:
            return f"there are fewer than {ENOUGH_ROUNDS} rounds"
        if named:
            return "these are not all peers"
        if self.manifest["machine"]["busy"] > QUIET:
            return f"other work took {self.manifest['machine']['busy']:.0%} of the processors before it began"
        return None

    def run(self):
        for peer in self.peers:
            peer.run_step("setup")
        self.check_contracts()
        rate = self.pace()
        for number in range(self.rounds):
            # Another one begins each round, so that none is always first on a cool machine.
            begin = number % len(self.peers)
            for peer in self.peers[begin:] + self.peers[:begin]:
                self.measure(peer, number, rate)
        return self.result(rate)

    def check_contracts(self):
        truth = self.database.exact_neighbours(10)
        wanted = None
        checked = [peer for peer in self.peers if peer.contract != "none"]
        for peer in sorted(checked, key=lambda peer: peer is not self.reference):
            # A peer with an index of its own gets the first setting that finds no fewer neighbours than Kindred.
            for peer.ef_search in EF_TRIED if peer.contract == "recall" else [EF_SEARCH]:
                peer.run_step("prepare")
                with peer.running(self.home) as url:
                    answers = fetch_answers(url, self.movies, self.users)
                if peer is self.reference:
                    wanted = answers
                found = self.recall[peer.name] = check(peer, answers, wanted, truth)
                say(
                    f"{peer.name}: keeps the contract in {len(answers)} answers, recall@10 {found:.5f} "
                    f"at ef_search {peer.ef_search}")
                if found >= self.recall[self.reference.name]:
                    break
            else:
                raise Failure(
                    f"{peer.name} has recall {found:.5f} at ef_search {peer.ef_search}, below Kindred's "
                    f"{self.recall[self.reference.name]:.5f}")

    def pace(self):
        """Half of the pacer's throughput, rounded to 10 requests/s."""
        with self.pacer.running(self.home) as url:
            rate = self.load.throughput(self.pacer, url)["requests_per_second"] / 2
        return max(10, round(rate / 10) * 10)

    def measure(self, peer, number, rate):
        began = time.monotonic()
        if peer.kind == "pgbench":
            run = {"throughput": self.pgbench.throughput()}
        else:
            with peer.running(self.home) as url:
                run = {"throughput": self.load.throughput(peer, url)}
                if "latency" in peer.measures:
                    run["latency"] = self.load.latency(peer, url, rate)
                run["fallbacks"] = peer.fallbacks(url)
            if run["fallbacks"] > FALLBACKS * run["throughput"]["requests"]:
                raise Failure(f"{peer.name} gave {run['fallbacks']:.0f} answers without asking the database")
        self.runs[peer.name].append(run)
        p99 = f", p99 {run['latency']['p99_ms']:.2f} ms at {rate:,}/s" if "latency" in run else ""
        say(
            f"round {number + 1}, {peer.name}: {run['throughput']['requests_per_second']:,.0f} requests/s{p99} "
            f"({time.monotonic() - began:.0f} s)")

    def result(self, rate):
        rows = [self.row(peer) for peer in self.peers]
        return {
            "manifest": self.manifest | {"confidence": rows[0]["throughput"]["confidence"]}, "rate": rate, "peers": rows,
            "runs": self.runs,
        }

    def row(self, peer):
        runs, ours = self.runs[peer.name], self.runs[self.reference.name]
        rates = lambda runs: [run["throughput"]["requests_per_second"] for run in runs]
        row = {
            "name": peer.name, "title": peer.title, "rounds": len(runs), "recall": self.recall.get(peer.name),
            "ef_search": peer.ef_search if peer.contract != "none" or peer.kind == "pgbench" else None,
            "throughput": summary(rates(runs)),
        }
        if peer is not self.reference:
            row["throughput_ratio"] = summary([one / other for one, other in zip(rates(ours), rates(runs))])
        if "latency" in peer.measures and peer.kind == "http":
            p99 = lambda runs: [run["latency"]["p99_ms"] for run in runs]
            row["p99"] = summary(p99(runs))
            row["overloaded"] = sum(run["latency"]["overloaded"] for run in runs)
            if peer is not self.reference and not row["overloaded"]:
                row["p99_ratio"] = summary([one / other for one, other in zip(p99(ours), p99(runs))])
        return row


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--programs", type=Path, required=True, help="the folder of kindred and kindred-loadtest")
    parser.add_argument("--postgres-programs", type=Path, required=True, help="the folder of psql and pgbench")
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--named", action="store_true", help="the peers were chosen one by one: a trial")
    parser.add_argument("peers", type=Path, nargs="+", help="folders with a peer.json")
    arguments = parser.parse_args()
    if arguments.rounds < 1 or arguments.seconds < 1:
        parser.error("rounds and seconds must be at least 1")
    os.environ["KINDRED_PROGRAMS"] = str(arguments.programs)

    began = time.monotonic()
    try:
        comparison = Comparison(arguments)
        unpublished = comparison.unpublished(arguments.named)
        if unpublished:
            say(f"a trial, whose figures are not published: {unpublished}")
        result = comparison.run()
        words = table(result)
        results = arguments.project / "loadtest/results/comparison.json"
        file = comparison.home / "trial.json" if unpublished else results
        write_json(file, result)
        if not unpublished:
            write_document(arguments.project / "docs/benchmarks.md", words)
    except Failure as failure:
        sys.exit(f"\nerror: {failure}")
    print(words)
    say(f"written to {file} after {time.monotonic() - began:.0f} s")


main()
