"""Processor time by request, read from /proc; `run` beside this file says how."""

import argparse
import json
import os
import random
import subprocess
import time
import urllib.request
from pathlib import Path

#: Name, path, whether the cache is on, ids.
KINDS = [
    ("similar movies, pgvector", "/v1/movies/{}/similar?k=10", False, 1682),
    ("recommendations, pgvector", "/v1/users/{}/recommendations?k=10", False, 943),
    ("similar movies, memory", "/v1/movies/{}/similar?k=10&engine=memory", False, 1682),
    ("recommendations, re-ranked by the model", "/v1/users/{}/recommendations?k=10&rerank=model", False, 943),
    ("similar movies, cached", "/v1/movies/{}/similar?k=10", True, 1682),
]
LUA = """local targets = {{ {targets} }}
local next_target = 0
function request()
  next_target = next_target % #targets + 1
  return "GET " .. targets[next_target] .. " HTTP/1.1\\r\\nHost: capacity\\r\\n\\r\\n"
end
"""
TICK = 1e6 / os.sysconf("SC_CLK_TCK")


def stat(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def processor_time(pids):
    """Microseconds of user and system time so far."""
    return sum((int(fields[11]) + int(fields[12])) * TICK for fields in map(stat, pids))


def family(postmaster):
    found = [postmaster]
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if int(stat(entry.name)[1]) == postmaster:
                found.append(int(entry.name))
        except OSError:
            pass  # it ended meanwhile
    return found


def serve(program, scripts, cached, log):
    port = subprocess.run([scripts / "port", "free"], capture_output=True, text=True, check=True).stdout.strip()
    environment = os.environ | {"PORT": port, "KINDRED_CACHE_ENTRIES": "10000" if cached else "0"}
    process = subprocess.Popen(
        [program, "serve"], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    for _ in range(300):
        try:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{port}/readyz")
            return process, port
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"the service is not ready: see {log.name}")


def wrk(port, script, seconds):
    words = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", script, f"http://127.0.0.1:{port}"],
        capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in words:
        raise SystemExit(words)
    return int(words.split(" requests in")[0].split()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    arguments = parser.parse_args()
    scripts = arguments.project / "scripts"
    status = subprocess.run([scripts / "postgres", "status"], capture_output=True, text=True, check=True).stdout
    postmaster = int(status.split("pid ")[1].split(",")[0])
    script = arguments.home / "capacity.lua"
    lines = ["| Request | Requests/s | Service, µs | PostgreSQL, µs | per core and second |", "|---|---|---|---|---|"]
    log = (arguments.home / "capacity.log").open("w")
    for name, path, cached, ids in KINDS:
        drawn = random.Random(1)
        targets = ", ".join(json.dumps(path.format(drawn.randint(1, ids))) for _ in range(4096))
        script.write_text(LUA.format(targets=targets))
        process, port = serve(arguments.program, scripts, cached, log)
        try:
            wrk(port, script, 1)
            before = processor_time([process.pid]), processor_time(family(postmaster))
            count = wrk(port, script, arguments.seconds)
            service = (processor_time([process.pid]) - before[0]) / count
            database = (processor_time(family(postmaster)) - before[1]) / count
        finally:
            process.terminate()
            process.wait()
        lines.append(
            f"| {name} | {count / arguments.seconds:,.0f} | {service:.0f} | {database:.0f} "
            f"| {1e6 / (service + database):,.0f} |")
        print(lines[-1], flush=True)
    document = arguments.project / "docs" / "scale.md"
    text = document.read_text()
    begin, end = "<!-- capacity: begin -->\n", "<!-- capacity: end -->"
    before, rest = text.split(begin)
    document.write_text(before + begin + "\n".join(lines) + "\n" + end + rest.split(end)[1])


if __name__ == "__main__":
    main()
