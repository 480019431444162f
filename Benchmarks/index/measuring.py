"""One bundle: each index built, then searched at each width, by a service of its own."""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

#: What widens a search, and how far.
WIDTHS = {"hnsw": ("ef_search", [16, 24, 40, 64, 100, 200, 400]), "ivfflat": ("probes", [1, 2, 4, 8, 16, 32, 64, 128])}
ROUTES = {"similar": "/v1/movies/{}/similar?k=10", "recommendations": "/v1/users/{}/recommendations?k=10"}
#: As many as keep the service's four connections to the database busy.
CONNECTIONS = 8
#: Latency is taken without a queue.
ALONE = 1

LUA = """local targets = {{ {targets} }}
local next_target = 0
function request()
  next_target = next_target % #targets + 1
  return "GET " .. targets[next_target] .. " HTTP/1.1\\r\\nHost: index\\r\\n\\r\\n"
end
function done(summary, latency)
  io.write(string.format('\\n{{"requests":%d,"microseconds":%d,"failed":%d,"p50_ms":%.4f,"p99_ms":%.4f}}\\n',
    summary.requests, summary.duration,
    summary.errors.connect + summary.errors.read + summary.errors.status + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


class Service:
    """`kindred serve` without a cache, for as long as the block lasts."""

    def __init__(self, arguments, settings):
        self.url = f"http://127.0.0.1:{arguments.port}"
        # What watches the index would take part in the measurement.
        environment = os.environ | {
            "DATABASE_URL": arguments.database, "PORT": str(arguments.port), "KINDRED_CACHE_ENTRIES": "0",
            "KINDRED_RECALL_SAMPLE": "0"} | settings
        self.log = arguments.log
        with open(arguments.log, "w") as log:
            self.process = subprocess.Popen(
                [arguments.program, "serve"], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def __enter__(self):
        for _ in range(600):
            try:
                self.get("/readyz")
                return self
            except OSError:
                time.sleep(0.1)
        sys.exit(f"error: the service did not start: see {self.log}")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def get(self, path):
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.url + path, timeout=60) as reply:
            return reply.read()

    def ids(self, path, source):
        """Those found by distance; an answer from elsewhere than `source` ends the run."""
        answer = json.loads(self.get(path))
        found = [result["movie_id"] for result in answer["results"] if result["source"] == "vector"]
        if found and answer["source"] != source:
            sys.exit(f"error: {path} was answered by {answer['source']}, not by {source}")
        return found

    def load(self, paths, connections, seconds):
        """By wrk, as it takes little of the processors that all share."""
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(LUA.format(targets=",".join(f'"{path}"' for path in paths)))
            script.flush()
            for duration in (1, seconds):
                done = subprocess.run(
                    ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{duration}s",
                     "--script", script.name, self.url], capture_output=True, text=True, check=True)
        seen = json.loads(done.stdout.splitlines()[-1])
        if seen["failed"] or not seen["requests"]:
            sys.exit(f"error: {seen['failed']} of {seen['requests']} requests failed")
        return seen


def other_work(seconds=2):
    """The share of the processors' time that others take."""
    def times():
        fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
        return sum(fields), fields[3] + fields[4]

    all_before, idle_before = times()
    time.sleep(seconds)
    all_after, idle_after = times()
    return 1 - (idle_after - idle_before) / (all_after - all_before)


def sql(arguments, url, *statements):
    commands = [part for statement in statements for part in ("-c", statement)]
    done = subprocess.run([arguments.psql, "-X", "-q", "-At", url, *commands], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"error: {done.stderr.strip()}")
    return done.stdout.strip()


def build(arguments, bundle, index):
    """Loads the bundle; returns the seconds that both indexes took and their bytes."""
    done = subprocess.run(
        [arguments.program, "load", bundle, "--index", index, "--activate"],
        env=os.environ | {"DATABASE_URL": arguments.database}, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"error: {done.stderr.strip()}")
    stamps = {text: float(seconds) for seconds, text in re.findall(r"\[([\d.]+) s\] (.*)", done.stderr)}
    copied = max(seconds for text, seconds in stamps.items() if text.startswith("copied"))
    size = sql(arguments, arguments.database, f"""
        SELECT sum(pg_relation_size(i.indexrelid)) FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
        WHERE a.amname = '{index}' AND i.indrelid = format('kindred.item_vectors_g%s',
            (SELECT active_generation FROM kindred.catalogues WHERE name = 'movies'))::regclass""")
    return {"seconds": round(stamps["indexed similarity"] - copied, 3), "bytes": int(size)}


def asked(bundle, count):
    """Paths of the questions by route: the same few hundred askers for every index."""
    draw = random.Random(42)
    files = {"similar": "items.jsonl", "recommendations": "users.jsonl"}
    paths = {}
    for route, name in files.items():
        with open(bundle / name) as lines:
            ids = [json.loads(line)["id"] for line in lines]
        paths[route] = [ROUTES[route].format(number) for number in draw.sample(ids, min(count, len(ids)))]
    return paths


def widths(arguments, index):
    """Beyond all the lists there is nothing more to search."""
    parameter, values = WIDTHS[index]
    if index == "ivfflat":
        lists = int(sql(arguments, arguments.database, """
            SELECT g.index_options ->> 'lists' FROM kindred.generations g
            JOIN kindred.catalogues c ON c.active_generation = g.id WHERE c.name = 'movies'"""))
        values = [value for value in values if value < lists]
    return parameter, values


def measure(bundle, arguments):
    name = arguments.database.rsplit("/", 1)[1].split("?")[0]
    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    sql(arguments, arguments.maintenance, drop, f"CREATE DATABASE {name}")
    try:
        subprocess.run(
            [arguments.program, "migrate"], env=os.environ | {"DATABASE_URL": arguments.database}, check=True,
            stdout=sys.stderr)
        return measure_all(bundle, arguments)
    finally:
        sql(arguments, arguments.maintenance, drop)


def measure_all(bundle, arguments):
    manifest = json.loads((bundle / "manifest.json").read_text())
    others = other_work()
    paths, truth, indexes = asked(bundle, arguments.queries), None, []
    for index in WIDTHS:
        built = build(arguments, bundle, index)
        parameter, values = widths(arguments, index)
        points = []
        for value in values:
            with Service(arguments, {f"KINDRED_{parameter.upper()}": str(value)}) as service:
                if truth is None:
                    truth = {path: service.ids(f"{path}&engine=memory", "memory") for part in paths.values() for path in part}
                    truth = {path: ids for path, ids in truth.items() if ids}
                    paths = {route: [path for path in part if path in truth] for route, part in paths.items()}
                point = {parameter: value, "recall": {}}
                for route, part in paths.items():
                    found = sum(len(set(service.ids(path, "pgvector")) & set(truth[path])) for path in part)
                    point["recall"][route] = found / sum(len(truth[path]) for path in part)
                alone = service.load(paths["similar"], ALONE, arguments.seconds)
                busy = service.load(paths["similar"], CONNECTIONS, arguments.seconds)
                point |= {key: alone[key] for key in ("p50_ms", "p99_ms")}
                point["requests_per_second"] = busy["requests"] / busy["microseconds"] * 1e6
            print(f"{manifest['name']} {index} {parameter} {value}: {point}", file=sys.stderr)
            points.append(point)
        indexes.append({"index": index, "parameter": parameter, "built": built, "points": points})
    return {
        "name": manifest["name"], "items": manifest["dataset"]["items"], "users": manifest["dataset"]["users"],
        "dimensions": manifest["geometry"]["dimensions"], "queries": {route: len(part) for route, part in paths.items()},
        "other_work": others, "indexes": indexes,
    }
