"""Three ways to the nearest items of a genre: a condition for pgvector's iterative scan, a longer list that memory sifts, and
an exact scan of what the genre selects; and what it costs a request to lift `ef_search` by itself."""

import random
import statistics
import tempfile
from pathlib import Path
from urllib.parse import quote

from serving import PATH, pgbench_latencies, wrk

EF = 64
QUERIES = 200
GENRES = 3


def measure(database, service, arguments):
    generation = database.load("vector", "--activate")
    seen = {"genres": [], "lifted": {}}
    with service.running():
        asker = service.asker()
        ids = random.Random(7).sample(range(1, database.items + 1), QUERIES)
        for genre, count in genres(database):
            path = f"/v1/movies/{{}}/similar?k=10&genre={quote(genre)}"
            truth = {one: asker.ids(path.format(one) + "&engine=memory")[0] for one in ids}
            ways = {"iterative scan with a condition": iterative(database, generation, arguments, genre, truth)}
            for name, engine in (("longer list (engine=pgvector)", "pgvector"), ("scan in memory", "memory")):
                ways[name] = asked(asker, f"{path}&engine={engine}", truth)
            seen["genres"].append({"genre": genre, "share": count / database.items, "ways": ways})
            print(f"    {seen['genres'][-1]}", flush=True)
        for name, query in (("the service's own", ""), ("the same, per request", f"&ef_search={EF}")):
            rates = [wrk(service.url, PATH + query, database.items, arguments.seconds) for _ in range(3)]
            seen["lifted"][name] = statistics.median(rates)
            print(f"    {name}: {rates}", flush=True)
    return seen


def genres(database):
    """A common, a middling and a rare one."""
    found = database.rows(
        "SELECT tag, count(*) FROM kindred.items, unnest(tags) tag GROUP BY 1 HAVING count(*) > 10 ORDER BY 2 DESC")
    return [(found[place][0], int(found[place][1])) for place in (0, len(found) // 2, len(found) - 1)][:GENRES]


def asked(asker, path, truth):
    for one in list(truth)[:20]:
        asker.ids(path.format(one))
    times, found = [], 0
    for one, right in truth.items():
        answer, taken = asker.ids(path.format(one))
        found += len(set(answer) & set(right))
        times.append(taken)
    return point(times, found, truth)


def point(times, found, truth):
    return {"recall": found / sum(map(len, truth.values())), "p50_ms": statistics.median(times),
            "p99_ms": statistics.quantiles(times, n=100)[98]}


def iterative(database, generation, arguments, genre, truth):
    """By pgbench, one client; what it finds by psql."""
    table = database.table(generation)
    name = genre.replace("'", "''")
    statement = (
        f"SELECT v.item_id FROM {table} v JOIN kindred.items i ON i.catalogue_id = 1 AND i.id = v.item_id "
        f"WHERE '{name}' = ANY (i.tags) AND v.item_id <> {{id}} "
        f"ORDER BY v.similarity OPERATOR(public.<->) "
        f"(SELECT similarity FROM {table} WHERE item_id = {{id}}) LIMIT 10")
    options = f"-c hnsw.ef_search={EF} -c hnsw.iterative_scan=strict_order -c jit=off"
    settings = "\n".join(f"SET {option};" for option in options.removeprefix("-c ").split(" -c "))
    lines = database.psql(sql=settings + "\n" + "".join(
        f"SELECT {one}, array_agg(item_id) FROM ({statement.format(id=one)}) found;\n" for one in truth))
    answers = {}
    for line in lines.splitlines():
        one, _, listed = line.partition(",")
        answers[int(one)] = {int(item) for item in listed.strip('"{}').split(",") if item}
    found = sum(len(answers[one] & set(right)) for one, right in truth.items())
    with tempfile.TemporaryDirectory() as folder:
        times = pgbench_latencies(
            database, arguments.pgbench, folder, options,
            {Path(folder, f"{one}.sql"): statement.format(id=one) + ";\n" for one in list(truth)[:60]})
    return point(times, found, truth)
