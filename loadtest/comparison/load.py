"""One measurement of one peer."""

import json
import math
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from comparison.failure import Failure

CONNECTIONS = 8
#: Exit code of kindred-loadtest: its own delay is in the figures.
GENERATOR_LIMITED = 2
#: How often a measurement is repeated for that.
ATTEMPTS = 3
WARMUP = 2
#: Statements that pgbench has to choose from; few enough that the warm-up prepares them all on every connection.
STATEMENTS = 64


@dataclass
class Load:
    """How long to measure, and of which movies."""

    seconds: int
    movies: list
    #: The folder of kindred-loadtest.
    programs: Path

    @property
    def id_range(self):
        return f"{min(self.movies)}-{max(self.movies)}"

    def throughput(self, peer, url):
        self.closed_loop(peer, url, WARMUP)
        return self.closed_loop(peer, url, self.seconds)

    def closed_loop(self, peer, url, seconds):
        """Requests per second when every connection asks again as soon as it is answered."""
        done = subprocess.run(
            ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s",
             "--script", Path(__file__).parent / "uniform.lua", url],
            env=os.environ | {"BENCH_PATH": peer.path, "BENCH_IDS": self.id_range}, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"{peer.name}: wrk: {done.stderr.strip() or done.stdout.strip()}")
        seen = json.loads(done.stdout.splitlines()[-1])
        if seen["failed"] or not seen["requests"]:
            raise Failure(f"{peer.name}: {seen['failed']} of {seen['requests']} requests failed under load")
        return {"requests_per_second": seen["requests"] / seen["microseconds"] * 1e6, "requests": seen["requests"]}

    def latency(self, peer, url, rate):
        """Percentiles of an open loop, counted from the intended time of each request."""
        command = [
            self.programs / "kindred-loadtest", "run", "--json", "--url", url, "--path", peer.path,
            "--ids", self.id_range, "--rate", str(rate), "--arrivals", "poisson", "--connections", str(CONNECTIONS),
            "--warmup", str(WARMUP), "--duration", str(self.seconds)]
        for _ in range(ATTEMPTS):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != GENERATOR_LIMITED:
                break
        # 1 says that not every request got a right answer, which is looked at below. What the generator itself added
        # in every attempt is in the percentiles: they are then too high, and the result says so.
        if done.returncode not in (0, 1, GENERATOR_LIMITED):
            raise Failure(f"{peer.name}: kindred-loadtest: {done.stderr.strip()}")
        try:
            report = json.loads(done.stdout)
            kept = {
                name: report[name]
                for name in ("p50_ms", "p99_ms", "max_ms", "samples", "rate_achieved", "ok", "wrong", "errors",
                             "dropped", "late", "cpu_seconds", "seconds")}
        except (ValueError, KeyError) as error:
            raise Failure(f"kindred-loadtest printed no report that can be read: {error!r}") from error
        if kept["wrong"] or kept["errors"]:
            raise Failure(f"{peer.name}: {kept['wrong']} wrong answers and {kept['errors']} errors at {rate} requests/s")
        # Beyond what it can do a queue grows for as long as one looks: its length says nothing about the peer.
        kept |= {"rate": rate, "generator_limited": done.returncode == GENERATOR_LIMITED}
        return kept | {"overloaded": kept["rate_achieved"] < 0.9 * rate or kept["dropped"] > 0}


class PgbenchLoad:
    """The statement that the service prepares, and nothing around it."""

    def __init__(self, database, load, ef_search):
        self.database = database
        self.load = load
        # `$1` as a constant, as pgbench has no binary parameters: one decoding less than the service asks for.
        rows = database.rows(f"SELECT similarity FROM {database.table} WHERE similarity IS NOT NULL ORDER BY item_id")
        step = max(1, math.floor(len(rows) / STATEMENTS))
        self.statements = [self.statement(f"'{row[0]}'") for row in rows[::step][:STATEMENTS]]
        self.options = f"-c hnsw.ef_search={ef_search} -c jit=off"

    def statement(self, vector):
        return (
            f"SELECT item_id FROM {self.database.table} "
            f"ORDER BY similarity OPERATOR(public.<->) {vector}::public.vector LIMIT 16;\n")

    def throughput(self):
        with tempfile.TemporaryDirectory() as folder:
            scripts = []
            for number, statement in enumerate(self.statements):
                script = Path(folder, f"{number}.sql")
                script.write_text(statement)
                scripts += ["--file", script]
            done = subprocess.run(
                [self.database.programs / "pgbench", "--no-vacuum", "--protocol", "prepared", "--client",
                 str(CONNECTIONS), "--jobs", "1", "--time", str(WARMUP + self.load.seconds), "--progress", "1",
                 *scripts, self.database.url],
                env=os.environ | {"PGOPTIONS": self.options}, capture_output=True, text=True)
        rates = [float(rate) for rate in re.findall(r"^progress: [\d.]+ s, ([\d.]+) tps", done.stderr, re.MULTILINE)]
        failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
        if done.returncode != 0 or len(rates) <= WARMUP or failed is None or failed[1] != "0":
            raise Failure(f"pgbench: {done.stderr.strip()[-500:]}")
        measured = rates[WARMUP:]
        return {"requests_per_second": sum(measured) / len(measured)}
