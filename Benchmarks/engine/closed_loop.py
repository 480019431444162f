"""Throughput of a closed loop: every connection asks again as soon as it is answered."""

import json
import os
import subprocess
from pathlib import Path

from comparison.failure import Failure
from comparison.load import CONNECTIONS

#: Connections, code and statements; what is cached is asked for before.
WARMUP = 1


def requests_per_second(url, path, ids, distribution, seconds):
    """By wrk, which takes less of the shared processors than kindred-loadtest; that one measures the latencies."""
    environment = os.environ | {
        "BENCH_PATH": path, "BENCH_IDS": ",".join(map(str, ids)), "BENCH_DISTRIBUTION": distribution}
    for duration in (WARMUP, seconds):
        done = subprocess.run(
            ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{duration}s",
             "--script", Path(__file__).with_name("requests.lua"), url],
            env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"{path}: wrk: {done.stderr.strip() or done.stdout.strip()}")
    seen = json.loads(done.stdout.splitlines()[-1])
    if seen["failed"] or not seen["requests"]:
        raise Failure(f"{path}: {seen['failed']} of {seen['requests']} requests failed under load")
    return seen["requests"] / seen["microseconds"] * 1e6
