"""Where, when and of what the figures are."""

import datetime
import os
import platform
import re
import subprocess
import time
from pathlib import Path

from comparison.load import CONNECTIONS, WARMUP

#: Seconds for which the machine is watched before the run.
WATCHED = 3


def manifest(project, database, statement, peers, settings):
    return {
        "when": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "revision": _revision(project),
        "machine": {
            "cpu": _first(r"^model name\s*: (.*)$", "/proc/cpuinfo"), "cores": os.cpu_count(),
            "memory": _first(r"^MemTotal:\s*(.*)$", "/proc/meminfo"), "kernel": platform.release(),
            "busy": _busy(),
        },
        "postgres": database.version.split()[0], "pgvector": database.pgvector,
        "generation": {
            "content_hash": database.content_hash, "index": database.index, "options": database.index_options,
            "table": database.table,
        },
        "statement": statement.strip(),
        "settings": settings | {"connections": CONNECTIONS, "warmup_seconds": WARMUP},
        "instruments": {"throughput": _wrk(), "latency": "kindred-loadtest run, open loop, Poisson arrivals"},
        "requirements": {
            peer.name: file.read_text().split()
            for peer in peers if (file := peer.folder / "requirements.txt").exists()},
    }


def _revision(project):
    words = lambda *command: subprocess.run(
        ["git", "-C", project, *command], capture_output=True, text=True, check=True).stdout.strip()
    return words("rev-parse", "--short=12", "HEAD") + ("+changes" if words("status", "--porcelain") else "")


def _first(pattern, file):
    found = re.search(pattern, Path(file).read_text(), re.MULTILINE)
    return found[1] if found else "unknown"


def _busy():
    """The share of the processors that is in use, while nothing of the comparison runs; 0 to 1."""
    def times():
        words = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
        # user, nice, system, idle, iowait, irq, softirq, steal
        numbers = [int(word) for word in words]
        return sum(numbers), numbers[3] + numbers[4]

    total, idle = times()
    time.sleep(WATCHED)
    later_total, later_idle = times()
    return 1 - (later_idle - idle) / (later_total - total)


def _wrk():
    # It prints its version with the usage, and exits with 1.
    words = subprocess.run(["wrk", "--version"], capture_output=True, text=True).stdout
    return words.splitlines()[0] if words else "wrk"
