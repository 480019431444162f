"""The tables and the line of ratios."""

import json
import re
import statistics

from comparison.failure import Failure

from contenders import CONTENDERS, TARGETS

BEGIN, END = "<!-- bench-engine: begin -->", "<!-- bench-engine: end -->"


def all_ratios(result):
    """By name (median, lowest, highest); the bounds are None with too few rounds."""
    ratios = {name: (ratio["median"], ratio["low"], ratio["high"]) for name, ratio in result["ratios"].items()}
    # Of the sizes the one where we do worse, of our scans the one that does the same work as theirs.
    scans = [sizes["times"]["float-single"] for sizes in result["scan"]]
    worst = min(scans, key=lambda scan: scan["ratio"])
    return ratios | {"scan_vs_faiss": (worst["ratio"], *worst["interval"])}


def ratios_line(result):
    return json.dumps({name: round(median, 3) for name, (median, _, _) in all_ratios(result).items()})


def table(result):
    rounds = result["rounds"]
    lines = ["| | Requests/s | p99 at {:,} requests/s |".format(result["rate"]), "|---|---|---|"]
    for contender in CONTENDERS:
        seen = [figures[contender.name] for figures in rounds]
        p99 = f"{median(seen, 'p99_ms'):.2f} ms" if contender.has_latency else "–"
        lines.append(f"| {contender.title} | {median(seen, 'requests_per_second'):,.0f} | {p99} |")
    lines += ["", "| Ratio | Median | Rounds | Target |", "|---|---|---|---|"]
    for name, (value, low, high) in all_ratios(result).items():
        span = "–" if low is None else f"{low:.2f}–{high:.2f}"
        lines.append(f"| `{name}` | {value:.2f} | {span} | {TARGETS[name]} |")
    return "\n".join(lines + ["", *scan_table(result["scan"]), "", *pool_table(result["pools"]), "", notes(result)]) + "\n"


def scan_table(scan):
    lines = ["| Exact scan, one thread | ms a query | faiss-cpu ÷ it | of memcpy's bandwidth |", "|---|---|---|---|"]
    for size in scan:
        for name in ("faiss-single", "float-single", "int8-single", "float-batch", "int8-batch"):
            seen = size["times"][name]
            ratio = "–" if name.startswith("faiss") else f"{seen['ratio']:.2f}"
            share = "–" if name.endswith("batch") else f"{seen['of_memcpy']:.2f}"
            lines.append(f"| {size['rows']:,} × 64, {name} | {seen['ms']:.3f} | {ratio} | {share} |")
    return lines


def pool_table(pools):
    lines = ["| Load | Database client | Searches/s | p50 | p99 | Refused |", "|---|---|---|---|---|---|"]
    for row in pools["rows"]:
        seen = row["median"]
        lines.append(
            f"| {row['load']:g}× ({row['rate']:,.0f}/s) | {row['client']} | {seen['throughput']:,.0f} | "
            f"{seen['p50_ms']:.2f} ms | {seen['p99_ms']:.2f} ms | {seen['refused_share']:.1%} |")
    return lines


def notes(result):
    manifest = result["manifest"]
    machine, settings = manifest["machine"], manifest["settings"]
    versions = "".join(f", {name} {version}" for name, version in manifest["packages"].items())
    return (
        f"{manifest['when'][:10]}, revision {manifest['revision']}: {machine['cpu']}, {machine['cores']} cores shared by "
        f"client, server and database; Linux {machine['kernel']}; PostgreSQL {manifest['postgres']} with pgvector "
        f"{manifest['pgvector']}{versions}; {settings['rounds']} rounds of {settings['seconds']} s in turns, "
        f"answers of {manifest['answer_bytes']:,} bytes; other work took {machine['busy']:.0%} of the processors before the run.")


def median(seen, figure):
    return statistics.median(figures[figure] for figures in seen)


def write_document(path, text):
    """Puts the tables between the marks of a document, which must have them."""
    document = path.read_text()
    between = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if len(between.findall(document)) != 1:
        raise Failure(f"{path} needs exactly one pair of {BEGIN} and {END}")
    path.write_text(between.sub(lambda _: f"{BEGIN}\n{text}\n{END}", document))


def write_json(path, result):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
