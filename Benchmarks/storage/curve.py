"""Recall@10 against the oversampling factor, asked of a running service; and the table of several such curves."""

import argparse
import http.client
import json
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

FACTORS = [1, 2, 3, 5, 8, 10, 15, 20, 30, 50]
BEGIN, END = "<!-- Benchmarks/storage: begin -->", "<!-- Benchmarks/storage: end -->"


class Service:
    def __init__(self, url):
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)

    def ids(self, path):
        """Movie ids, and the milliseconds they took; none for an unknown or cold asker."""
        start = time.perf_counter()
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        body = response.read()
        taken = (time.perf_counter() - start) * 1e3
        if response.status == 404:
            return [], taken
        if response.status != 200:
            sys.exit(f"error: {path} answers with HTTP {response.status}: {body.decode(errors='replace')}")
        answer = json.loads(body)
        if answer["degraded"]:
            sys.exit(f"error: {path} was answered by memory: the database is away")
        return [r["movie_id"] for r in answer["results"] if r["source"] == "vector"], taken


def ask(arguments):
    service = Service(arguments.url)
    curve = {"storage": arguments.storage, "index_bytes": arguments.bytes, "routes": {}}
    askers = {"similar": ("/v1/movies/{}/similar?k=10", 1682), "recommendations": ("/v1/users/{}/recommendations?k=10", 943)}
    for route, (path, last) in askers.items():
        truth = {}
        for number in range(1, last + 1, arguments.every):
            ids, _ = service.ids(path.format(number) + "&engine=memory")
            if ids:
                truth[number] = ids
        points = []
        for factor in FACTORS:
            found, times = 0, []
            for number, ids in truth.items():
                answer, taken = service.ids(f"{path.format(number)}&oversampling={factor}")
                found += len(set(answer) & set(ids))
                times.append(taken)
            recall = found / sum(map(len, truth.values()))
            points.append({"oversampling": factor, "recall": recall, "median_ms": statistics.median(times)})
            print(f"{arguments.storage} {route} x{factor}: recall@10 {recall:.4f}", file=sys.stderr)
        curve["routes"][route] = {"queries": len(truth), "points": points}
    arguments.json.write_text(json.dumps(curve))


def tabulate(arguments):
    curves = [json.loads(part.read_text()) for part in arguments.parts]
    arguments.json.write_text(json.dumps(curves, indent=1) + "\n")
    lines = []
    for route, name in (("similar", "Similar movies"), ("recommendations", "Recommendations")):
        queries = curves[0]["routes"][route]["queries"]
        lines += [f"{name}, recall@10 over {queries} queries:", "",
                  "| Storage | index | " + " | ".join(f"× {factor}" for factor in FACTORS) + " |",
                  "|---|---|" + "---|" * len(FACTORS)]
        for curve in curves:
            recalls = " | ".join(f"{point['recall']:.4f}" for point in curve["routes"][route]["points"])
            size = f"{curve['index_bytes'] / 1024:.0f} KiB"
            lines.append(f"| {curve['storage']} | {size} | {recalls} |")
        lines.append("")
    text = "\n".join(lines)
    print(text)
    page = arguments.document.read_text()
    before, rest = page.split(BEGIN)
    arguments.document.write_text(f"{before}{BEGIN}\n{text}{END}{rest.split(END)[1]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    asking = commands.add_parser("ask")
    asking.add_argument("--url", required=True)
    asking.add_argument("--storage", required=True)
    asking.add_argument("--bytes", type=int, required=True)
    asking.add_argument("--every", type=int, default=1)
    asking.add_argument("--json", type=Path, required=True)
    tables = commands.add_parser("tabulate")
    tables.add_argument("parts", nargs="+", type=Path)
    tables.add_argument("--json", type=Path, required=True)
    tables.add_argument("--document", type=Path, required=True)
    arguments = parser.parse_args()
    {"ask": ask, "tabulate": tabulate}[arguments.command](arguments)


if __name__ == "__main__":
    main()
