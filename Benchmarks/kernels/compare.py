"""Our scans and faiss-cpu's IndexFlatL2 over the same vectors, in turns in one run, one thread each."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Read when the libraries are loaded.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import faiss  # noqa: E402
import numpy as np  # noqa: E402

COLUMNS, QUERIES, K = 64, 64, 10
OURS = ["float-single", "int8-single", "float-batch", "int8-batch"]


class Program:
    """Answers a line with a line, so that its turns and faiss's alternate."""

    def __init__(self, program, rows, queries):
        self.process = subprocess.Popen(
            [program, rows, queries, str(COLUMNS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, measurement):
        self.process.stdin.write(measurement + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"error: the benchmark ended with {self.process.wait()}; its words are above")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        if self.process.wait() != 0:
            sys.exit(f"error: the benchmark ended with {self.process.returncode}; its words are above")


def search(index, queries, batch):
    """Seconds per query, and the first query's neighbours."""
    asked = len(queries) if batch else min(len(queries), max(4, 400_000 // index.ntotal))
    step = len(queries) if batch else 1
    began = time.perf_counter()
    for start in reversed(range(0, asked, step)):
        _, rows = index.search(queries[start : start + step], K)
    return (time.perf_counter() - began) / asked, rows[0].tolist()


def interval(values, random):
    """95 % bootstrap interval of the median."""
    medians = np.median(random.choice(values, (2000, len(values))), axis=1)
    return [float(edge) for edge in np.percentile(medians, [2.5, 97.5])]


def measure(arguments, count, folder):
    random = np.random.default_rng(42)
    rows = random.standard_normal((count, COLUMNS), dtype=np.float32)
    queries = random.standard_normal((QUERIES, COLUMNS), dtype=np.float32)
    rows.tofile(folder / "rows")
    queries.tofile(folder / "queries")
    index = faiss.IndexFlatL2(COLUMNS)
    index.add(rows)
    del rows
    program = Program(arguments.program, folder / "rows", folder / "queries")

    times = {name: [] for name in ["faiss-single", "faiss-batch", *OURS]}
    bandwidth = {"copy": [], "read": []}
    bytes_read = {}
    for turn in range(arguments.rounds + 1):
        results = {"faiss-single": search(index, queries, False), "faiss-batch": search(index, queries, True)}
        # Who goes first alternates.
        for name in OURS if turn % 2 == 0 else reversed(OURS):
            answer = program.ask(name)
            results[name] = answer["seconds"], answer["rows"]
            bytes_read[name], kernels = answer["bytes"], answer["kernels"]
        for name, (_, found) in results.items():
            if found != results["faiss-single"][1]:
                sys.exit(f"error: {name} found {found} where faiss found {results['faiss-single'][1]}")
        if turn > 0:  # the first one warms up
            for name, (seconds, _) in results.items():
                times[name].append(seconds)
        for kind, values in bandwidth.items():
            answer = program.ask(kind)
            if turn > 0:
                values.append(answer["bytes"] / answer["seconds"])
    program.close()

    bytes_read["faiss-single"], bytes_read["faiss-batch"] = bytes_read["float-single"], bytes_read["float-batch"]
    copy, read = (statistics.median(bandwidth[kind]) for kind in ("copy", "read"))
    print(f"\n{count} × {COLUMNS}, k {K}, {kernels}; memcpy {copy / 1e9:.1f} GB/s (read + written), "
          f"a plain sum {read / 1e9:.1f} GB/s")
    print(f"{'':14}{'ms/query':>10}{'faiss / ours':>28}{'GB/s':>8}{'of memcpy':>11}{'of the sum':>12}")
    table = {}
    for name, seconds in times.items():
        peer = times["faiss-" + name.split("-")[1]]
        ratios = [theirs / mine for theirs, mine in zip(peer, seconds)]
        low, high = interval(ratios, random)
        median, ratio = statistics.median(seconds), statistics.median(ratios)
        rate = bytes_read[name] / median
        table[name] = {"ms": median * 1e3, "ratio": ratio, "interval": [low, high], "gb_per_s": rate / 1e9,
                       "of_memcpy": rate / copy, "of_sum": rate / read}
        text = "" if name.startswith("faiss") else f"{ratio:.2f} ({low:.2f}…{high:.2f})"
        # A batch reads memory once for all its queries: its bytes per query say nothing about bandwidth.
        shares = "" if name.endswith("batch") else f"{rate / 1e9:8.1f}{rate / copy:11.2f}{rate / read:12.2f}"
        print(f"{name:14}{median * 1e3:10.4f}{text:>28}{shares}", flush=True)
    return {"rows": count, "kernels": kernels, "memcpy_gb_per_s": copy / 1e9, "sum_gb_per_s": read / 1e9,
            "times": table}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--rows", type=int, action="append", help="may repeat; default 1682, 100000 and 1000000")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path, help="where to write the table as JSON")
    arguments = parser.parse_args()
    if arguments.rounds < 3:
        parser.error("--rounds: at least 3, for a median")
    faiss.omp_set_num_threads(1)
    print(f"faiss {faiss.__version__} ({faiss.get_compile_options().strip()}), one thread each, "
          f"{arguments.rounds} rounds in turns, batch of {QUERIES}")
    results = []
    for count in arguments.rows or [1_682, 100_000, 1_000_000]:
        with tempfile.TemporaryDirectory() as folder:
            results.append(measure(arguments, count, Path(folder)))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
