"""What the right answers are, computed from the bundles and not by the service."""

import json
from pathlib import Path

import numpy as np

#: A distance in single precision against one in double.
TOLERANCE = 1e-5


class Wrong(Exception):
    """Why an answer is no answer of any one generation."""


class Generation:
    """The exact distances of one bundle, and who has seen what."""

    def __init__(self, bundle, seen):
        bundle = Path(bundle)
        manifest = json.loads((bundle / "manifest.json").read_text())
        self.items = [json.loads(line)["id"] for line in (bundle / "items.jsonl").open()]
        self.users = [json.loads(line)["id"] for line in (bundle / "users.jsonl").open()]
        self._item_rows = {id: row for row, id in enumerate(self.items)}
        self._user_rows = {id: row for row, id in enumerate(self.users)}

        def matrix(name):
            entry = manifest["files"][name]
            return np.fromfile(bundle / name, "<f4").reshape(entry["rows"], entry["columns"]).astype(np.float64)

        similar, embeddings, users = (matrix(n) for n in ("similarity.f32", "item_vectors.f32", "user_vectors.f32"))
        self._cold_movies = set(np.flatnonzero(~similar.any(axis=1)).tolist())
        self._cold_users = set(np.flatnonzero(~users.any(axis=1)).tolist())
        self._distances = {"similar": distances(similar, similar), "recommendations": distances(users, embeddings)}
        allowed = {
            "similar": np.ones(self._distances["similar"].shape, bool),
            "recommendations": np.ones(self._distances["recommendations"].shape, bool),
        }
        np.fill_diagonal(allowed["similar"], False)
        allowed["similar"][:, ~similar.any(axis=1)] = False
        allowed["recommendations"][:, ~embeddings.any(axis=1)] = False
        for user, item in seen:
            if user in self._user_rows and item in self._item_rows:
                allowed["recommendations"][self._user_rows[user], self._item_rows[item]] = False
        self._allowed = allowed
        self._nearest = {
            route: np.sort(np.where(allowed[route], self._distances[route], np.inf), axis=1) for route in allowed}

    def check(self, route, id, answer):
        """Raises `Wrong` unless the answer is this generation's; returns whether it is the exact one."""
        row = (self._item_rows if route == "similar" else self._user_rows)[id]
        results = answer["results"]
        if row in (self._cold_movies if route == "similar" else self._cold_users):
            if any(result["source"] != "popular" for result in results):
                raise Wrong("a query without a vector was answered by distance")
            return True
        rows = [self._item_rows[result["movie_id"]] for result in results]
        found = np.array([result["distance"] for result in results])
        wanted = self._distances[route][row, rows]
        if len(set(rows)) != len(rows):
            raise Wrong("an item is there twice")
        if not self._allowed[route][row, rows].all():
            raise Wrong("an item is there that must not be")
        if np.abs(found - wanted).max(initial=0) > TOLERANCE:
            raise Wrong("a distance is not this generation's")
        if (np.diff(wanted) < -TOLERANCE).any():
            raise Wrong("the order is not that of the distances")
        return bool(np.abs(wanted - self._nearest[route][row, : len(rows)]).max(initial=0) <= TOLERANCE)


def distances(queries, rows):
    squares = (queries**2).sum(1)[:, None] + (rows**2).sum(1)[None, :] - 2 * queries @ rows.T
    return np.sqrt(np.maximum(squares, 0))


def interactions(bundle):
    """(user, item) of every interaction a bundle was learned from."""
    record = np.dtype([("user", "<i4"), ("item", "<i4"), ("value", "<f4"), ("timestamp", "<i8")])
    found = np.fromfile(Path(bundle) / "interactions.bin", record)
    return zip(found["user"].tolist(), found["item"].tolist())


class Oracle:
    """Judges answers; each body that was right once is right without another look."""

    def __init__(self, generations):
        #: {number in the database: Generation}
        self.generations = generations
        self._known = {}

    def judge(self, route, id, count, body):
        """(generation, exact, degraded) of a right answer; raises `Wrong`.

        Right is: all its distances are those of the generation it names, and of no other.
        """
        # The key `degraded` comes first and `source` last; between them nothing depends on who answered.
        core = body[body.index(b'"generation"') : body.rindex(b',"source"')]
        degraded = body.startswith(b'{"degraded":true')
        is_exact_engine = body.endswith(b'"source":"memory"}')
        known = self._known.get((route, id, core))
        if known is None:
            answer = json.loads(body)
            number = answer["generation"]
            if number not in self.generations:
                raise Wrong(f"there is no generation {number}")
            if answer["returned"] != count or len(answer["results"]) != count:
                raise Wrong(f"{answer['returned']} results instead of {count}")
            exact = self.generations[number].check(route, id, answer)
            for other, generation in self.generations.items():
                if other != number and self._fits(generation, route, id, answer):
                    raise Wrong(f"it fits generation {other} as well as {number}")
            known = self._known[(route, id, core)] = (number, exact)
        number, exact = known
        if is_exact_engine and not exact:
            raise Wrong("the exact engine's answer is not exact")
        return number, exact, degraded

    @staticmethod
    def _fits(generation, route, id, answer):
        if any(result["source"] == "popular" for result in answer["results"]):
            return False
        try:
            generation.check(route, id, answer)
            return True
        except (Wrong, KeyError):
            return False
