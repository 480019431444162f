"""The metrics of `kindred-train evaluate`, written a second time and independently of it."""

import numpy as np

MEASURES = ["ndcg", "recall", "precision", "map", "map_at_k"]


def top(scores, seen, k):
    """The k best unseen columns, ties by the lower one; columns that score -inf are never an answer."""
    scores = np.where(seen, -np.inf, scores)
    order = np.argsort(-scores, kind="stable")[:k]
    return order[np.isfinite(scores[order])]


def evaluate(score_user, train, test, k=10, samples=1000, seed=42):
    """score_user(u) gives the scores of all items; train and test are binary CSR matrices of one shape."""
    discount = 1 / np.log2(np.arange(2, k + 2))
    appearances = np.zeros(train.shape[1])
    rows = []
    for user in range(train.shape[0]):
        relevant = test.indices[test.indptr[user] : test.indptr[user + 1]]
        if len(relevant) == 0:
            continue
        seen = np.zeros(train.shape[1], bool)
        seen[train.indices[train.indptr[user] : train.indptr[user + 1]]] = True
        ranking = top(score_user(user), seen, k)
        appearances[ranking] += 1
        hits = np.zeros(k)
        hits[: len(ranking)] = np.isin(ranking, relevant)
        best = min(k, len(relevant))
        precisions = (hits * np.cumsum(hits) / np.arange(1, k + 1)).sum()
        rows.append(
            [
                (hits * discount).sum() / discount[:best].sum(),
                hits.sum() / len(relevant),
                hits.sum() / k,
                precisions / len(relevant),
                precisions / best,
            ]
        )
    rows = np.array(rows)
    random = np.random.default_rng(seed)
    means = np.array([rows[random.integers(0, len(rows), len(rows))].mean(axis=0) for _ in range(samples)])
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    counts = np.sort(appearances)
    n = len(counts)
    owners = np.maximum(np.asarray(train.sum(axis=0)).ravel(), 1)
    trained = (np.diff(train.indptr) > 0).sum()
    metrics = dict(zip(MEASURES, rows.mean(axis=0).tolist()))
    metrics |= {
        "coverage": float((appearances > 0).mean()),
        "gini": float(((2 * np.arange(1, n + 1) - n - 1) * counts).sum() / (n * counts.sum())),
        "novelty": float((appearances * np.log2(trained / owners)).sum() / appearances.sum()),
        "users": len(rows),
    }
    interval = {name: {"low": float(a), "high": float(b)} for name, a, b in zip(MEASURES, low, high)}
    return metrics, interval
