"""What an in-process HNSW takes, and the table and the chart of the crossover between index and exact scan."""

import argparse
import json
import math
import os
import platform
import sys
import time
from datetime import date
from pathlib import Path

BEGIN, END = "<!-- Benchmarks/crossover: begin -->", "<!-- Benchmarks/crossover: end -->"
RECALL = 0.95
DIMENSIONS = 64
SERIES = [("pgvector", "pgvector HNSW", "#1f6feb"), ("memory", "exact scan in memory", "#d1242f"),
          ("faiss", "faiss HNSW, in process", "#1a7f37")]


def measure_faiss(arguments):
    """The least efSearch that has the recall, and its median time, one thread; what pgvector's index is built with."""
    import faiss
    import numpy

    faiss.omp_set_num_threads(1)
    vectors = numpy.fromfile(arguments.vectors, dtype="<f4").reshape(-1, DIMENSIONS)
    vectors = vectors[numpy.any(vectors, axis=1)]
    queries = vectors[numpy.linspace(0, len(vectors) - 1, min(arguments.queries, len(vectors))).astype(int)]
    exact = faiss.IndexFlatL2(DIMENSIONS)
    exact.add(vectors)
    truth = exact.search(queries, 11)[1]
    index = faiss.IndexHNSWFlat(DIMENSIONS, 16)
    index.hnsw.efConstruction = 128
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    start = time.perf_counter()
    index.add(vectors)
    built = time.perf_counter() - start
    faiss.omp_set_num_threads(1)
    part = json.loads(arguments.part.read_text())
    part["items"] = len(vectors)
    for ef in (16, 24, 32, 40, 64, 100, 160, 250, 400, 640, 1000):
        index.hnsw.efSearch = ef
        times, found = [], 0
        for query, wanted in zip(queries, truth):
            start = time.perf_counter()
            ids = index.search(query[None], 11)[1][0]
            times.append((time.perf_counter() - start) * 1e3)
            found += len(set(ids) & set(wanted))
        recall = found / truth.size
        if recall >= RECALL:
            break
    bytes_ = len(faiss.serialize_index(index)) - vectors.nbytes
    part["faiss"] = {"ef": ef, "recall": recall, "p50_ms": sorted(times)[len(times) // 2], "build_seconds": built,
                     "graph_bytes": bytes_}
    arguments.part.write_text(json.dumps(part))
    print(f"faiss: ef {ef}, recall {recall:.4f}, {part['faiss']['p50_ms']:.3f} ms", file=sys.stderr)


def row(part):
    """One size: what each way takes for k = 10 in the space of similar items."""
    points = [p for p in part["measurements"] if p["space"] == "similarity" and p["k"] == 10]
    searches = [p for p in points if p["parameter"] == "ef_search" and p["recall"] >= RECALL]
    if not searches:
        sys.exit(f"error: no ef_search has a recall of {RECALL} over {part['items']} items")
    index = min(searches, key=lambda p: p["p50_ms"])
    scan = next(p for p in points if p["parameter"] == "scan")
    return {"items": scan["value"], "pgvector": index["p50_ms"], "pgvector_p99": index["p99_ms"], "ef": index["value"],
            "recall": index["recall"], "memory": scan["p50_ms"], "memory_p99": scan["p99_ms"],
            "faiss": part["faiss"]["p50_ms"], "faiss_ef": part["faiss"]["ef"], "faiss_recall": part["faiss"]["recall"],
            "faiss_build": part["faiss"]["build_seconds"], "faiss_graph": part["faiss"]["graph_bytes"]}


def crossing(rows, one, other):
    """Where `one` becomes slower than `other`, on the straight lines of the chart; None where it never does."""
    for left, right in zip(rows, rows[1:]):
        before = math.log(left[one] / left[other])
        after = math.log(right[one] / right[other])
        if before <= 0 < after:
            share = before / (before - after)
            return round(math.exp(math.log(left["items"]) + share * math.log(right["items"] / left["items"])), -3)
    return None


def chart(rows):
    """Both axes logarithmic; readable on a dark page too."""
    width, height, left, top, right, bottom = 680, 360, 84, 16, 32, 48
    values = [r[name] for r in rows for name, _, _ in SERIES]
    low, high = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)))
    first, last = rows[0]["items"], rows[-1]["items"]

    def x(items):
        return left + (width - left - right) * math.log(items / first) / math.log(last / first)

    def y(ms):
        return top + (height - top - bottom) * (1 - math.log(ms / low) / math.log(high / low))

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
           'aria-label="Median time of a search over the number of items" font-family="system-ui, sans-serif" font-size="13">',
           '<style>text{fill:#24292f}line{stroke:#8c959f;stroke-width:.5}'
           '@media(prefers-color-scheme:dark){text{fill:#e6edf3}}</style>']
    step = low
    while step <= high * 1.01:
        out.append(f'<line x1="{left}" x2="{width - right}" y1="{y(step):.1f}" y2="{y(step):.1f}"/>'
                   f'<text x="{left - 6}" y="{y(step) + 4:.1f}" text-anchor="end">{step:g} ms</text>')
        step *= 10
    for r in rows:
        out.append(f'<text x="{x(r["items"]):.1f}" y="{height - bottom + 18}" text-anchor="middle">{short(r["items"])}</text>')
    out.append(f'<text x="{(left + width) / 2:.0f}" y="{height - 8}" text-anchor="middle">items of 64 dimensions</text>')
    for number, (name, label, color) in enumerate(SERIES):
        path = " ".join(f'{x(r["items"]):.1f},{y(r[name]):.1f}' for r in rows)
        out.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2.5"/>')
        out += [f'<circle cx="{x(r["items"]):.1f}" cy="{y(r[name]):.1f}" r="3.5" fill="{color}"/>' for r in rows]
        out.append(f'<rect x="{left + 12}" y="{top + 8 + 20 * number}" width="14" height="4" fill="{color}"/>'
                   f'<text x="{left + 32}" y="{top + 15 + 20 * number}">{label}</text>')
    return "\n".join(out + ["</svg>"]) + "\n"


def short(items):
    return f"{items / 1e6:g} M" if items >= 1_000_000 else f"{items / 1e3:g} k"


def publish(arguments):
    rows = sorted((row(json.loads(part.read_text())) for part in arguments.parts), key=lambda r: r["items"])
    arguments.json.write_text(json.dumps(rows, indent=1) + "\n")
    arguments.chart.write_text(chart(rows))
    lines = [f"| Items | pgvector: ef | recall@10 | median | p99 | scan in memory: median | p99 | faiss HNSW: ef | recall@10 | median |",
             "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"]
    lines += [f"| {r['items']:,} | {r['ef']} | {r['recall']:.3f} | {r['pgvector']:.3f} ms | {r['pgvector_p99']:.2f} ms | "
              f"{r['memory']:.3f} ms | {r['memory_p99']:.2f} ms | {r['faiss_ef']} | {r['faiss_recall']:.3f} | {r['faiss']:.3f} ms |"
              for r in rows]
    crossed = crossing(rows, "memory", "pgvector")
    where = (f"The exact scan is the faster one up to about {crossed:,.0f} items." if crossed
             else "The exact scan is the faster one at every size." if rows[-1]["memory"] <= rows[-1]["pgvector"]
             else "pgvector is the faster one at every size.")
    last = rows[-1]
    where += (f" faiss' graph over {last['items']:,} items took {last['faiss_build']:.0f} s to build on "
              f"{os.cpu_count()} processors and {last['faiss_graph'] / 2**20:.0f} MiB beside the vectors.")
    machine = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                    if line.startswith("model name")), platform.machine())
    stamp = (f"{date.today()}, revision {arguments.revision}: {machine}, {os.cpu_count()} cores; one search at a time, "
             f"k = 10, recall ≥ {RECALL}, m = 16, ef_construction = 128.")
    text = "\n".join(lines + ["", where, "", stamp, ""])
    print(text)
    page = arguments.document.read_text()
    before, rest = page.split(BEGIN)
    arguments.document.write_text(f"{before}{BEGIN}\n{text}{END}{rest.split(END)[1]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    measuring = commands.add_parser("faiss")
    measuring.add_argument("vectors", type=Path)
    measuring.add_argument("--queries", type=int, required=True)
    measuring.add_argument("--part", type=Path, required=True)
    publishing = commands.add_parser("publish")
    publishing.add_argument("parts", nargs="+", type=Path)
    publishing.add_argument("--json", type=Path, required=True)
    publishing.add_argument("--document", type=Path, required=True)
    publishing.add_argument("--chart", type=Path, required=True)
    publishing.add_argument("--revision", required=True)
    arguments = parser.parse_args()
    {"faiss": measure_faiss, "publish": publish}[arguments.command](arguments)


if __name__ == "__main__":
    main()
