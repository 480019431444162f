"""Each storage: how long its indexes take, what they weigh, and how right and how fast its answers are."""

import statistics

#: What is turned up for each: bit finds no more by ef, because it asks for more than that anyway.
STORAGES = {"vector": ("ef_search", [40, 64, 100, 200, 400]), "halfvec": ("ef_search", [40, 64, 100, 200, 400]),
            "bit": ("oversampling", [5, 10, 20, 35, 50])}
ROUTES = {"similar": "/v1/movies/{}/similar?k=10", "recommendations": "/v1/users/{}/recommendations?k=10"}


def measure(database, service, arguments):
    seen = {}
    for storage, (parameter, values) in STORAGES.items():
        generation = database.load(storage, "--activate")
        seen[storage] = database.index(generation) | {"parameter": parameter, "routes": {}}
        with service.running():
            for route, path in ROUTES.items():
                count = database.items if route == "similar" else database.users
                seen[storage]["routes"][route] = curve(
                    service.asker(), path, count, arguments.queries, parameter, values)
    return seen


def curve(asker, path, count, queries, parameter, values):
    askers = range(1, count + 1, max(1, count // queries))
    truth = {one: asker.ids(path.format(one) + "&engine=memory")[0] for one in askers}
    points = []
    for value in values:
        times, found = [], 0
        for _ in range(2):  # the first turn warms what these searches read
            times, found = [], 0
            for one, right in truth.items():
                answer, taken = asker.ids(f"{path.format(one)}&{parameter}={value}")
                found += len(set(answer) & set(right))
                times.append(taken)
        points.append({
            "value": value, "recall": found / sum(map(len, truth.values())), "p50_ms": statistics.median(times),
            "p99_ms": statistics.quantiles(times, n=100)[98]})
        print(f"    {path.split('?')[0]} {parameter} {value}: {points[-1]}", flush=True)
    return points
