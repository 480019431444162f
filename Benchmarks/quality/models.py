"""The models that are compared. Each takes a binary users x items CSR matrix and returns score_user(u)."""

import numpy as np
import scipy.sparse as sp


def popularity(train):
    scores = np.asarray(train.sum(axis=0), float).ravel()
    return lambda user: scores


def item_knn(train, shrink, neighbours):
    """Cosine, shrunk towards zero for few common users; the strongest neighbours of each item."""
    together = (train.T @ train).toarray().astype(float)
    norms = np.sqrt(np.diag(together))
    similarity = together / (np.outer(norms, norms) + shrink)
    np.fill_diagonal(similarity, 0)
    weakest = np.sort(similarity, axis=0)[-neighbours][None, :]
    similarity[similarity < weakest] = 0
    return lambda user: train[user].toarray().ravel() @ similarity


def ease(train, regularization):
    """Steck, "Embarrassingly shallow autoencoders for sparse data" (WWW 2019)."""
    gram = (train.T @ train).toarray().astype(float)
    gram[np.diag_indices_from(gram)] += regularization
    inverse = np.linalg.inv(gram)
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return lambda user: train[user].toarray().ravel() @ weights


def implicit_als(train, factors, regularization, alpha, iterations=15):
    from implicit.cpu.als import AlternatingLeastSquares

    model = AlternatingLeastSquares(
        factors=factors, regularization=regularization, alpha=alpha, iterations=iterations, random_state=42
    )
    model.fit(sp.csr_matrix(train, dtype=np.float32), show_progress=False)
    return lambda user: model.item_factors @ model.user_factors[user]


def implicit_bpr(train, factors, learning_rate, regularization, iterations=100):
    from implicit.cpu.bpr import BayesianPersonalizedRanking

    model = BayesianPersonalizedRanking(
        factors=factors, learning_rate=learning_rate, regularization=regularization, iterations=iterations,
        random_state=42, num_threads=1,
    )
    model.fit(sp.csr_matrix(train, dtype=np.float32), show_progress=False)
    return lambda user: model.item_factors @ model.user_factors[user]


# Settings are chosen on validation ratings carved from train; the test file has no say.
CANDIDATES = [
    ("Most watched", popularity, [{}]),
    ("item-kNN, cosine", item_knn, [dict(shrink=s, neighbours=n) for s in (0, 10, 30) for n in (100, 200)]),
    ("EASE", ease, [dict(regularization=r) for r in (125, 250, 500, 1000)]),
    (
        "implicit ALS, 64",
        implicit_als,
        [dict(factors=64, regularization=r, alpha=a) for r in (0.01, 1, 10, 30) for a in (1, 5)],
    ),
    (
        "implicit BPR, 64",
        implicit_bpr,
        [dict(factors=64, learning_rate=l, regularization=r) for l in (0.03, 0.1) for r in (0.01, 0.05)],
    ),
]
