"""The table."""

import json
import re

from comparison.failure import Failure

BEGIN, END = "<!-- loadtest/bench: begin -->", "<!-- loadtest/bench: end -->"


def table(result):
    lines = [
        f"| | Requests/s | Kindred ÷ it | p99 at {result['rate']:,} requests/s, ms | Kindred's p99 ÷ its | Recall@10 |",
        "|---|---|---|---|---|---|",
    ]
    for row in result["peers"]:
        cells = [
            row["title"], span(row["throughput"], lambda value: f"{value:,.0f}"),
            span(row.get("throughput_ratio"), lambda value: f"{value:.2f}"),
            latency(row), span(row.get("p99_ratio"), lambda value: f"{value:.2f}"),
            f"{row['recall']:.4f}" if row.get("recall") is not None else "–",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n\n" + notes(result["manifest"]) + "\n"


def span(numbers, words):
    if numbers is None:
        return "–"
    if numbers["low"] is None:
        return words(numbers["median"])
    return f"{words(numbers['median'])} ({words(numbers['low'])}–{words(numbers['high'])})"


def latency(row):
    if row.get("overloaded"):
        return f"overloaded in {row['overloaded']} of {row['rounds']}"
    return span(row.get("p99"), lambda value: f"{value:.2f}")


def notes(manifest):
    machine, settings = manifest["machine"], manifest["settings"]
    interval = manifest["confidence"]
    return (
        f"{manifest['when'][:10]}, revision {manifest['revision']}: {machine['cpu']}, {machine['cores']} cores shared by "
        f"client, server and database; Linux {machine['kernel']}; PostgreSQL {manifest['postgres']} with pgvector "
        f"{manifest['pgvector']}; {settings['rounds']} rounds of {settings['seconds']} s in turns, "
        f"{settings['connections']} connections; before the run other work took {machine['busy']:.0%} of the processors. "
        + (f"In brackets: {interval:.2%} intervals of the median." if interval else "Too few rounds for intervals."))


def write_document(path, text):
    """Puts the table between the marks of a document, which must have them."""
    document = path.read_text()
    between = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if len(between.findall(document)) != 1:
        raise Failure(f"{path} needs exactly one pair of {BEGIN} and {END}")
    path.write_text(between.sub(lambda _: f"{BEGIN}\n{text}\n{END}", document))


def write_json(path, result):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
