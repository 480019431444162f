"""Everything that is measured, in turns."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from comparison.database import Database
from comparison.failure import Failure
from comparison.intervals import summary
from comparison.load import Load, PgbenchLoad
from comparison.manifest import manifest
from comparison.peer import OPENER, read_peers

from closed_loop import requests_per_second
from contenders import CONTENDERS, RATIOS, SIMILAR
from recording import record

#: Kindred's own default, which FastAPI and pgbench get too.
EF_SEARCH = 64
#: Fewer than these have no interval, and are not published.
ENOUGH_ROUNDS = 5
#: Nor where other work takes more than this share of the processors: it would be measured too.
QUIET = 0.1
#: The share of answers that may come from memory because the database was late.
FALLBACKS = 0.001
#: Each measures two clients four times.
POOL_ROUNDS = 3
#: Of a latency, while something else seems to take the machine.
ATTEMPTS = 3
#: What `source` says of an answer to a repeated question.
SOURCES = {"uncached": "pgvector", "memory": "memory", "cached": "cache"}
#: Rows of 64 floats; the ratio is that of the worse.
SCANNED_ROWS = (100_000, 1_000_000)


def say(words):
    print(f"    {words}", file=sys.stderr, flush=True)


class EngineBench:
    def __init__(self, project, home, programs, postgres_programs, rounds, seconds):
        self.project, self.home, self.programs = project, home, programs
        self.rounds, self.seconds = rounds, seconds
        here = Path(__file__).parent
        theirs = self.project / "loadtest/peers"
        self.peers = {peer.name: peer for peer in read_peers([
            theirs / "kindred", theirs / "kindred-cached", theirs / "fastapi-pgvector", here / "peers/hummingbird",
            here / "peers/nio"])}
        self.database = Database(postgres_programs)
        self.movies, _ = self.database.ids()
        self.load = Load(self.seconds, self.movies, self.programs)
        self.pgbench = PgbenchLoad(self.database, self.load, EF_SEARCH)
        # Read before anything is loaded, so that it speaks of the machine and not of this run.
        self.manifest = manifest(
            self.project, self.database, self.pgbench.statement("$1"), self.peers.values(),
            {"rounds": self.rounds, "seconds": self.seconds, "ef_search": EF_SEARCH})
        self.manifest["machine"]["load_average"] = os.getloadavg()[0]
        self.manifest["packages"] = packages(self.project)

    def run(self):
        for peer in self.peers.values():
            peer.run_step("setup")
        answer = self.home / "answer"
        os.environ["ENGINE_ANSWER"] = str(answer)
        with ExitStack() as running:
            urls = {}

            def start(name):
                urls[name] = running.enter_context(self.peers[name].running(self.home))

            # Idle servers take nothing from the one that is measured, and none is always measured right after its start.
            for name in ("kindred", "kindred-cached", "fastapi-pgvector"):
                start(name)
            self.manifest["answer_bytes"] = record(urls["kindred-cached"], SIMILAR, self.movies, answer)
            for name in ("hummingbird", "nio"):
                start(name)
            self.check_sources(urls)
            rate = self.pace(urls["fastapi-pgvector"])
            rounds = [self.round(number, urls, rate) for number in range(self.rounds)]
        return {
            "manifest": self.manifest, "rate": rate, "ratios": self.ratios(rounds), "rounds": rounds,
            "scan": self.scan(), "pools": self.pools(),
        }

    def reason_not_to_publish(self):
        if self.rounds < ENOUGH_ROUNDS:
            return f"there are fewer than {ENOUGH_ROUNDS} rounds"
        busy = self.manifest["machine"]["busy"]
        return f"other work took {busy:.0%} of the processors before it began" if busy > QUIET else None

    def check_sources(self, urls):
        """That the cache answers where it should, and only there."""
        for contender in CONTENDERS:
            if contender.name not in SOURCES:
                continue
            for _ in range(2):
                with OPENER.open(urls[contender.server] + contender.path.replace("{id}", str(self.movies[0]))) as answer:
                    source = json.load(answer)["source"]
            if source != SOURCES[contender.name]:
                raise Failure(f"{contender.title}: its answers come from {source}, not {SOURCES[contender.name]}")

    def pace(self, url):
        """Half of FastAPI's throughput, rounded to 10 requests/s."""
        rate = requests_per_second(url, SIMILAR, self.movies, "uniform", self.seconds) / 2
        return max(10, round(rate / 10) * 10)

    def round(self, number, urls, rate):
        seen = {}
        # Another one begins each round, so that none is always first on a cool machine.
        begin = number % len(CONTENDERS)
        for contender in CONTENDERS[begin:] + CONTENDERS[:begin]:
            seen[contender.name] = figures = self.measure(contender, urls, rate)
            p99 = f", p99 {figures['p99_ms']:.2f} ms at {rate:,}/s" if "p99_ms" in figures else ""
            say(f"round {number + 1}, {contender.title}: {figures['requests_per_second']:,.0f} requests/s{p99}")
        return seen

    def measure(self, contender, urls, rate):
        if contender.server is None:
            return self.pgbench.throughput()
        url, peer = urls[contender.server], self.peers[contender.server]
        before = peer.fallbacks(url)
        figures = {"requests_per_second": requests_per_second(
            url, contender.path, self.movies, contender.distribution, self.seconds)}
        if contender.has_latency:
            figures |= self.latency(contender, peer, url, rate)
        figures["fallbacks"] = peer.fallbacks(url) - before
        if figures["fallbacks"] > FALLBACKS * figures["requests_per_second"] * self.seconds:
            raise Failure(f"{contender.title}: {figures['fallbacks']:.0f} answers came without asking the database")
        return figures

    def latency(self, contender, peer, url, rate):
        """A queue that only grows has no percentile, nor has a generator that was late itself: measured again, and said."""
        for attempt in range(ATTEMPTS):
            try:
                seen = self.load.latency(peer, url, rate)
                if not seen["overloaded"]:
                    return seen
                raise Failure(f"it answered {seen['rate_achieved']:,.0f} of {rate:,} requests/s")
            except Failure as failure:
                if attempt + 1 == ATTEMPTS:
                    raise Failure(f"{contender.title}: {failure}; is something else running?") from failure
                say(f"{contender.title}: {failure}; measured again")

    def ratios(self, rounds):
        return {
            name: summary([seen[ours][figure] / seen[theirs][figure] for seen in rounds])
            for name, (figure, ours, theirs) in RATIOS.items()
        }

    def scan(self):
        """The exact scan beside faiss: its own program, with rounds of its own."""
        file = self.home / "scan.json"
        rows = [word for count in SCANNED_ROWS for word in ("--rows", str(count))]
        self._run(
            [self.project / "Benchmarks/kernels/run", *rows, "--rounds", str(self.rounds), "--json", file],
            {"KINDRED_KERNEL_BENCHMARK": str(self.programs / "kernel-benchmark")})
        return json.loads(file.read_text())

    def pools(self):
        """The caller-driven client beside a blocking pool."""
        words = self._run([self.programs / "engine-pools", "--rounds", str(POOL_ROUNDS), "--seconds", "2"], {})
        return json.loads(words.splitlines()[-1])

    def _run(self, command, environment):
        done = subprocess.run(
            command, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        sys.stderr.write(done.stdout)
        if done.returncode != 0:
            raise Failure(f"{command[0]} ended with {done.returncode}; its words are above")
        return done.stdout


def packages(project):
    """Versions of what the servers are built of; empty where SwiftPM has left no record."""
    file = project / "Package.resolved"
    pins = json.loads(file.read_text())["pins"] if file.exists() else []
    return {
        pin["identity"]: pin["state"].get("version") for pin in pins if pin["identity"] in ("hummingbird", "swift-nio")}
