"""Whether a peer answers as Kindred does, and how many of the true neighbours it finds."""

from comparison.failure import Failure

#: Difference of distances that float32 summation order may make, relative to the distance or to 1.
TOLERANCE = 1e-6
#: Scores are differences of squares, so their errors are of the squares' size.
SCORE_TOLERANCE = 1e-5
#: Words for people, and what only the request decides.
OWN_WORDS = {"instance", "detail"}


def check(peer, answers, reference, truth):
    """Raises a Failure that names the first differences; returns the recall at 10."""
    differences = []
    for path, expected in reference.items():
        difference = _difference(answers[path], expected, exactly=peer.contract == "same")
        if difference:
            differences.append(f"{path}: {difference}")
    if differences:
        raise Failure(
            f"{peer.name} breaks the contract in {len(differences)} of {len(reference)} answers:\n  "
            + "\n  ".join(differences[:5]))
    return recall(answers, truth)


def recall(answers, truth):
    """The share of every movie's true 10 neighbours that was found; as near as the tenth is as good."""
    found = wanted = 0
    for movie, neighbours in truth.items():
        farthest = max(neighbours.values()) * (1 + TOLERANCE)
        results = answers[f"/v1/movies/{movie}/similar?k=10"][2]["results"]
        found += sum(each["movie_id"] in neighbours or each["distance"] <= farthest for each in results)
        wanted += len(neighbours)
    return found / wanted


def _difference(answer, expected, exactly):
    status, kind, body = answer
    if (status, kind) != expected[:2]:
        return f"{status} {kind}, not {expected[0]} {expected[1]}"
    if status != 200:
        told = {key: value for key, value in body.items() if key not in OWN_WORDS}
        wanted = {key: value for key, value in expected[2].items() if key not in OWN_WORDS}
        return None if told == wanted else f"{told}, not {wanted}"
    return _envelope_difference(body, expected[2], exactly)


def _envelope_difference(body, expected, exactly):
    if body.keys() != expected.keys():
        return f"fields {sorted(body)}, not {sorted(expected)}"
    for name in ("generation", "requested", "returned", "degraded"):
        if body[name] != expected[name]:
            return f"{name} {body[name]}, not {expected[name]}"
    results, wanted = body["results"], expected["results"]
    if [each["rank"] for each in results] != [each["rank"] for each in wanted]:
        return "other ranks"
    distances = [each.get("distance") for each in results]
    if None not in distances and any(a > b for a, b in zip(distances, distances[1:])):
        return "the results are not in the order of their distances"
    known = {each["movie_id"]: each for each in wanted}
    for result, other in zip(results, wanted):
        same = known.get(result["movie_id"])
        if same is None:
            if exactly and not _near(result.get("distance"), other.get("distance")):
                return f"rank {other['rank']} is movie {result['movie_id']}, not {other['movie_id']}"
            continue
        difference = _result_difference(result, same)
        if difference:
            return difference
        # Two as far as each other may change places.
        if exactly and same["rank"] != result["rank"] and not _near(same.get("distance"), other.get("distance")):
            return f"movie {result['movie_id']} is at rank {result['rank']}, not {same['rank']}"
    return None


def _result_difference(result, expected):
    measured = {"distance", "score", "rank"}
    if result.keys() != expected.keys():
        return f"movie {result['movie_id']} has the fields {sorted(result)}, not {sorted(expected)}"
    for name in result.keys() - measured:
        if result[name] != expected[name]:
            return f"movie {result['movie_id']}: {name} {result[name]!r}, not {expected[name]!r}"
    if not _near(result.get("distance"), expected.get("distance")):
        return f"movie {result['movie_id']}: distance {result['distance']}, not {expected['distance']}"
    if "score" in result and abs(result["score"] - expected["score"]) > SCORE_TOLERANCE:
        return f"movie {result['movie_id']}: score {result['score']}, not {expected['score']}"
    return None


def _near(one, other):
    if one is None or other is None:
        return one is other
    return abs(one - other) <= TOLERANCE * max(one, other, 1)
