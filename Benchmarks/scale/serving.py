"""Start, memory and throughput of the service over single precision, beside pgbench with the same statement."""

import json
import os
import random
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

import comparison
from comparison.failure import Failure

PATH = "/v1/movies/{id}/similar?k=10"
EF = 64
CONNECTIONS = 8
ROUNDS = 3
#: Few enough that every connection of pgbench has prepared them before it is measured.
STATEMENTS = 64
WARMUP = 3
SCANS = 200


def measure(database, service, arguments):
    generation = database.load("vector", "--activate")
    seen = {"vector_bytes": vector_bytes(database), "ready_seconds": []}
    for _ in range(ROUNDS):
        with service.running() as process:
            seen["ready_seconds"].append(process.ready)
            seen["memory_ready"] = service.memory(process)
    with service.running() as process:
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(wrk(service.url, PATH, database.items, arguments.seconds))
            theirs.append(pgbench(database, generation, arguments.pgbench, arguments.seconds))
        seen["memory_served"] = service.memory(process)
        seen["memory_peak"] = service.memory(process, "VmHWM")
        # Exact scans of both columns, so many that the codes they ask for are made meanwhile.
        asker = service.asker()
        for _ in range(SCANS):
            asker.ids("/v1/movies/1/similar?k=10&engine=memory")
            asker.ids("/v1/users/1/recommendations?k=10&engine=memory")
        seen["memory_scanned"] = service.memory(process)
    return seen | {
        "kindred_rates": ours, "pgbench_rates": theirs,
        "ratio": statistics.median(mine / peer for mine, peer in zip(ours, theirs))}


def vector_bytes(database):
    """Both columns of the items, the rows that user vectors are computed from (as long as a vector without its augmentation),
    and the users' vectors; in single precision."""
    return 4 * (database.items * (3 * database.dimensions - 1) + database.users * database.dimensions)


def wrk(url, path, last, seconds):
    """Requests per second when every connection asks again as soon as it is answered, for ids from 1 on."""
    environment = os.environ | {"BENCH_PATH": path, "BENCH_IDS": f"1-{last}"}
    script = Path(comparison.__file__).with_name("uniform.lua")
    for duration in (WARMUP, seconds):
        done = subprocess.run(
            ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{duration}s", "--script",
             script, url], env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"wrk: {done.stderr.strip() or done.stdout.strip()}")
    seen = json.loads(done.stdout.splitlines()[-1])
    if seen["failed"] or not seen["requests"]:
        raise Failure(f"{seen['failed']} of {seen['requests']} requests failed under load")
    return seen["requests"] / seen["microseconds"] * 1e6


def pgbench(database, generation, program, seconds):
    """The service's own statement, prepared; its vector is a constant, as pgbench has no binary parameters."""
    table = database.table(generation)
    ids = ",".join(map(str, random.Random(42).sample(range(1, database.items + 1), STATEMENTS)))
    vectors = database.rows(f"SELECT similarity FROM {table} WHERE item_id IN ({ids})")
    with tempfile.TemporaryDirectory() as folder:
        scripts = []
        for number, (vector,) in enumerate(vectors):
            script = Path(folder, f"{number}.sql")
            script.write_text(
                f"SELECT item_id FROM {table} "
                f"ORDER BY similarity OPERATOR(public.<->) '{vector}'::public.vector LIMIT 16;\n")
            scripts += ["--file", script]
        done = subprocess.run(
            [program, "--no-vacuum", "--protocol", "prepared", "--client", str(CONNECTIONS), "--jobs", "1", "--time",
             str(WARMUP + seconds), "--progress", "1", *scripts, database.url],
            env=os.environ | {"PGOPTIONS": f"-c hnsw.ef_search={EF} -c jit=off"}, capture_output=True, text=True)
    rates = [float(rate) for rate in re.findall(r"^progress: [\d.]+ s, ([\d.]+) tps", done.stderr, re.MULTILINE)]
    if done.returncode != 0 or len(rates) <= WARMUP:
        raise Failure(f"pgbench: {done.stderr.strip()[-500:]}")
    return statistics.mean(rates[WARMUP:])


def pgbench_latencies(database, program, folder, options, scripts):
    """Milliseconds of every transaction of one client after the warm-up, by pgbench's own log."""
    for script, sql in scripts.items():
        script.write_text(sql)
    files = [argument for script in scripts for argument in ("--file", script)]
    done = subprocess.run(
        [program, "--no-vacuum", "--protocol", "prepared", "--client", "1", "--time", str(3 * WARMUP), "--log",
         "--log-prefix", Path(folder, "log"), *files, database.url],
        env=os.environ | {"PGOPTIONS": options}, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"pgbench: {done.stderr.strip()[-500:]}")
    # client, transaction, microseconds, script, seconds, microseconds
    rows = [line.split() for log in Path(folder).glob("log.*") for line in log.read_text().splitlines()]
    start = min(int(row[4]) for row in rows)
    times = [int(row[2]) / 1e3 for row in rows if int(row[4]) >= start + WARMUP]
    if len(times) < 2:
        raise Failure("pgbench has run too little to say anything")
    return times
