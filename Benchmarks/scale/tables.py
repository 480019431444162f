"""The tables of what has been measured, between the marks of a page."""

import statistics

BEGIN, END = "<!-- scale: begin -->", "<!-- scale: end -->"


def write(seen, document):
    parts = {"copy": copying, "storage": storages, "serve": serving, "filter": filtering, "switch": switching}
    text = "\n\n".join(
        [f"{seen['items']:,} items of {seen['dimensions']} dimensions:"]
        + [table(seen[part]) for part, table in parts.items() if part in seen])
    print(text)
    page = document.read_text()
    before, rest = page.split(BEGIN)
    document.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}")


def megabytes(count):
    return f"{count / 1e6:,.0f} MB"


def copying(seen):
    ratio = seen["kindred_seconds"] / seen["psql_seconds"]
    return "\n".join([
        "| COPY of the item vectors | s | × psql |", "|---|---|---|",
        f"| `psql \\copy … binary` | {seen['psql_seconds']:.1f} | 1.00 |",
        f"| `kindred load` | {seen['kindred_seconds']:.1f} | {ratio:.2f} |"])


def storages(seen):
    lines = [
        "| Index over | of recommendations, built in | of similarity | each | memory of a build |", "|---|---|---|---|---|"]
    for storage, one in seen.items():
        times = [f"{seconds:.0f} s" for seconds in one["index_seconds"]]
        memory = megabytes(one["memory_bytes"])
        lines.append(f"| {storage} | {' | '.join(times)} | {megabytes(max(one['index_bytes']))} | {memory} |")
    for route, name in (("similar", "Similar movies"), ("recommendations", "Recommendations")):
        for parameter, title in (("ef_search", "ef"), ("oversampling", "oversampling")):
            ones = {storage: one for storage, one in seen.items() if one["parameter"] == parameter}
            if not ones:
                continue
            values = [point["value"] for point in next(iter(ones.values()))["routes"][route]]
            lines += ["", f"{name}: recall@10; milliseconds p50, p99, one request at a time:", "",
                      "| Index over | " + " | ".join(f"{title} {value}" for value in values) + " |",
                      "|---|" + "---|" * len(values)]
            for storage, one in ones.items():
                cells = [f"{p['recall']:.3f}; {p['p50_ms']:.1f}, {p['p99_ms']:.1f}" for p in one["routes"][route]]
                lines.append(f"| {storage} | {' | '.join(cells)} |")
    return "\n".join(lines)


def serving(seen):
    ours, theirs = statistics.median(seen["kindred_rates"]), statistics.median(seen["pgbench_rates"])
    vectors = seen["vector_bytes"]
    beside = [megabytes(seen[name] - vectors) for name in ("memory_ready", "memory_served", "memory_scanned")]
    return "\n".join([
        "| Service over single precision | |", "|---|---|",
        f"| start to ready | {statistics.median(seen['ready_seconds']):.1f} s |",
        f"| vectors | {megabytes(vectors)} |",
        f"| resident memory beside them: ready, after load, after exact scans | {', '.join(beside)} |",
        f"| similar movies, cache off, uniform ids, ef 64, 8 connections | {ours:,.0f} requests/s |",
        f"| pgbench, the same statement | {theirs:,.0f} /s |",
        f"| ratio | {seen['ratio']:.2f} |"])


def filtering(seen):
    lines = ["Similar movies of one genre, k = 10: recall; milliseconds p50, p99, one at a time:", "",
             "| | " + " | ".join(f"{one['genre']}, {one['share']:.1%}" for one in seen["genres"]) + " |",
             "|---|" + "---|" * len(seen["genres"])]
    for way in seen["genres"][0]["ways"]:
        points = [one["ways"][way] for one in seen["genres"]]
        cells = [f"{p['recall']:.3f}; {p['p50_ms']:.1f}, {p['p99_ms']:.1f}" for p in points]
        lines.append(f"| {way} | {' | '.join(cells)} |")
    lines += ["", "| Similar movies, `ef_search` 64 | requests/s |", "|---|---|"]
    lines += [f"| {name} | {rate:,.0f} |" for name, rate in seen["lifted"].items()]
    return "\n".join(lines)


def switching(seen):
    lines = [
        f"| Open loop, {seen['rate']:,} requests/s | p50, ms | p99, ms | longest, ms | wrong, errors | took |",
        "|---|---|---|---|---|---|"]
    for name, title in (("steady", "no switch"), ("switch", "a switch"), ("back", "a switch back")):
        one = seen[name]
        took = f"{one['switch_seconds']:.1f} s" if "switch_seconds" in one else "–"
        late = " (the generator was late too)" if one["generator_limited"] else ""
        lines.append(
            f"| {title} | {one['p50_ms']:.1f} | {one['p99_ms']:.1f}{late} | {one['max_ms']:.0f} "
            f"| {one['wrong']}, {one['errors']} | {took} |")
    lines += [
        "", f"The most memory the service has had: {megabytes(seen['memory_peak'])}, as two generations are in it for a "
        f"moment; {megabytes(seen['memory_after'])} in the end."]
    return "\n".join(lines)
