"""Where, when and of what the figures are."""

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path

from comparison.load import CONNECTIONS, WARMUP


def manifest(project, database, statement, peers, settings):
    return {
        "when": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "revision": _revision(project),
        "machine": {
            "cpu": _first(r"^model name\s*: (.*)$", "/proc/cpuinfo"), "cores": os.cpu_count(),
            "memory": _first(r"^MemTotal:\s*(.*)$", "/proc/meminfo"), "kernel": platform.release(),
            "load_average": os.getloadavg()[0],
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


def _wrk():
    # It prints its version with the usage, and exits with 1.
    words = subprocess.run(["wrk", "--version"], capture_output=True, text=True).stdout
    return words.splitlines()[0] if words else "wrk"
