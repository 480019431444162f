"""Training time and memory at the size of MovieLens 25M: ours and implicit's ALS on the same generated ratings."""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import implicit
import numpy as np
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

INTERACTION = np.dtype([("user", "<i4"), ("item", "<i4"), ("value", "<f4"), ("timestamp", "<i8")])


def peak(who):
    return resource.getrusage(who).ru_maxrss / 1e6


def ours(arguments, out):
    """Seconds by stage, and the gigabytes resident at most."""
    done = subprocess.run(
        [arguments.trainer, "train", "--synthetic", "--users", str(arguments.users), "--movies", str(arguments.movies),
         "--ratings-count", str(arguments.ratings), "--no-holdout", "--no-rating-head", "--out", str(out)],
        check=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    stages = dict(re.findall(r"^ +(\w+) +([\d.]+) s\b", done.stderr, re.MULTILINE))
    return {stage: float(seconds) for stage, seconds in stages.items()}, peak(resource.RUSAGE_CHILDREN)


def als(bundle, factors=64, iterations=15):
    rows = np.fromfile(bundle / "interactions.bin", dtype=INTERACTION)
    ratings = sp.csr_matrix((np.ones(len(rows), np.float32), (rows["user"] - 1, rows["item"] - 1)))
    del rows
    model = implicit.cpu.als.AlternatingLeastSquares(
        factors=factors, iterations=iterations, random_state=42, num_threads=os.cpu_count())
    start = time.perf_counter()
    model.fit(ratings, show_progress=False)
    return time.perf_counter() - start, ratings


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trainer", required=True)
    parser.add_argument("--users", type=int, default=162_000)
    parser.add_argument("--movies", type=int, default=62_000)
    parser.add_argument("--ratings", type=int, default=25_000_000)
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle"
        stages, memory = ours(arguments, bundle)
        # implicit's own advice: its threads, not OpenBLAS's.
        with threadpool_limits(1, "blas"):
            seconds, ratings = als(bundle)
    print(json.dumps({
        "ratings": ratings.nnz, "users": ratings.shape[0], "items": ratings.shape[1],
        "kindred_seconds": stages, "kindred_peak_gb": round(memory, 2),
        "implicit_als_seconds": round(seconds, 1), "implicit_peak_gb": round(peak(resource.RUSAGE_SELF), 2),
        "recommendation_ratio": round(seconds / (stages["index"] + stages["recommendation"]), 2),
        "cores": os.cpu_count(), "load_at_start": round(load, 1), "implicit": implicit.__version__,
    }, indent=1))
    print(f"recommendation vectors in {stages['index'] + stages['recommendation']:.0f} s, implicit ALS in {seconds:.0f} s",
          file=sys.stderr)


if __name__ == "__main__":
    main()
