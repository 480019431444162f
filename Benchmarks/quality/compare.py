"""Trains and measures the other models and ours on one split, in one run."""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import time
from pathlib import Path

import implicit
import numpy as np
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from metrics import evaluate
from models import CANDIDATES

BEGIN, END = "<!-- Benchmarks/quality: begin -->", "<!-- Benchmarks/quality: end -->"


def read(path):
    rows = np.loadtxt(path, dtype=np.int64, delimiter="\t", ndmin=2)
    return rows[:, 0], rows[:, 1]


def matrices(train_file, test_file, data):
    """Binary matrices over all the users and movies of the catalogue, ascending by id."""
    users = np.loadtxt(data / "u.user", delimiter="|", usecols=0, dtype=np.int64)
    items = np.loadtxt(data / "u.item", delimiter="|", usecols=0, dtype=np.int64, encoding="latin-1")
    users, items = np.unique(users), np.unique(items)
    result = []
    for path in (train_file, test_file):
        user, item = read(path)
        cells = np.searchsorted(users, user), np.searchsorted(items, item)
        result.append(sp.csr_matrix((np.ones(len(user)), cells), shape=(len(users), len(items))))
    return result


def carve(train, seed=42, share=0.25):
    """A quarter of each movie's ratings, at random."""
    random = np.random.default_rng(seed)
    columns = train.tocsc()
    kept, held = [], []
    for item in range(train.shape[1]):
        users = random.permutation(columns.indices[columns.indptr[item] : columns.indptr[item + 1]])
        first = round((1 - share) * len(users))
        kept += [(user, item) for user in users[:first]]
        held += [(user, item) for user in users[first:]]
    return [sp.csr_matrix((np.ones(len(cells)), np.array(cells).T), shape=train.shape) for cells in (kept, held)]


def ours(arguments):
    """One run of the trainer: its metrics, and the seconds of its index and recommendation stages."""
    done = subprocess.run(
        [arguments.trainer, "evaluate", "--train", arguments.train, "--test", arguments.test, "--data", arguments.data,
         "--json"],
        check=True, capture_output=True, text=True)
    stages = dict(re.findall(r"^ +(\w+) +([\d.]+) s\b", done.stderr, re.MULTILINE))
    return json.loads(done.stdout), float(stages["index"]) + float(stages["recommendation"])


def table(rows, note):
    head = ["Model", "nDCG@10", "95 %", "R@10", "P@10", "MAP", "MAP@10", "Coverage", "Gini", "Novelty", "Training"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        m, i = row["metrics"], row["interval"]["ndcg"]
        cells = [row["name"], f"{m['ndcg']:.4f}", f"{i['low']:.4f}–{i['high']:.4f}"]
        cells += [f"{m[name]:.4f}" for name in ("recall", "precision", "map", "map_at_k", "coverage", "gini")]
        cells += [f"{m['novelty']:.2f}", f"{row['seconds']:.2f} s"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n\n" + note + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trainer", required=True)
    parser.add_argument("--train", required=True)
    parser.add_argument("--test", required=True)
    parser.add_argument("--data", default=os.environ.get("MOVIELENS_100K", ".kindred/data/ml-100k"))
    parser.add_argument("--json", required=True, type=Path, help="where the rows go")
    parser.add_argument("--document", type=Path, help="the Markdown file whose table is replaced")
    parser.add_argument("--repeats", type=int, default=3, help="trainings to take the median time of")
    arguments = parser.parse_args()

    train, test = matrices(arguments.train, arguments.test, Path(arguments.data))
    kept, held = carve(train)
    load = os.getloadavg()[0]
    chosen = []
    with threadpool_limits(1):
        for name, model, settings in CANDIDATES:
            scored = [(evaluate(model(kept, **s), kept, held, samples=1)[0]["ndcg"], index)
                      for index, s in enumerate(settings)]
            best = settings[max(scored)[1]]
            chosen.append((name, model, best))
            print(f"{name}: {best or 'nothing to set'}, validation nDCG {max(scored)[0]:.4f}", flush=True)

        times = {name: [] for name, _, _ in chosen}
        scores, own, own_times = {}, None, []
        # In turns, so that whatever else the machine does meets all of them.
        for _ in range(arguments.repeats):
            for name, model, best in chosen:
                start = time.perf_counter()
                scores[name] = model(train, **best)
                times[name].append(time.perf_counter() - start)
            own, seconds = ours(arguments)
            own_times.append(seconds)
        rows = []
        for name, _, best in chosen:
            metrics, interval = evaluate(scores[name], train, test)
            settings = ", ".join(f"{key} {value:g}" for key, value in best.items() if key != "factors")
            rows.append({"name": name, "settings": settings, "metrics": metrics, "interval": interval,
                         "seconds": statistics.median(times[name])})
    interval = own.pop("interval")
    rows.append({"name": "**Kindred, 64**", "settings": "the recipe", "metrics": own, "interval": interval,
                 "seconds": statistics.median(own_times)})
    rows.sort(key=lambda row: row["metrics"]["ndcg"])

    settings = "; ".join(f"{row['name']}: {row['settings']}" for row in rows if row["settings"] and "**" not in row["name"])
    note = (f"Settings chosen on validation carved from train: {settings}. Training is the median of "
            f"{arguments.repeats} runs in turns on one thread (load average at the start {load:.1f} on {os.cpu_count()} "
            f"cores, so compare ratios). Kindred's is its `index` and `recommendation` stages. "
            f"implicit {implicit.__version__}, NumPy {np.__version__}, Python {platform.python_version()}.")
    text = table(rows, note)
    print(text)
    others = [row for row in rows if "**" not in row["name"]]
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(others, indent=1) + "\n")
    if arguments.document:
        page = arguments.document.read_text()
        before, rest = page.split(BEGIN)
        arguments.document.write_text(f"{before}{BEGIN}\n{text}{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    main()
