"""The results as tables and pictures, and their place in a page."""

from chart import NAMES, svg

BEGIN, END = "<!-- Benchmarks/index: begin -->", "<!-- Benchmarks/index: end -->"


def size(count):
    return f"{count / 2**20:,.1f} MiB"


def text(results):
    lines = []
    for result in results:
        built = ", ".join(
            f"{NAMES[part['index']]} in {part['built']['seconds']:,.2f} s, {size(part['built']['bytes'])}"
            for part in result["indexes"])
        queries = result["queries"]
        lines += [
            f"{result['items']:,} items of {result['dimensions']} dimensions; recall@10 over {queries['similar']} items and "
            f"{queries['recommendations']} users. Both indexes were built: {built}. Other work took "
            f"{result['other_work']:.0%} of the processors before the run.", "",
            "| Index | searched | recall@10, similar | recall@10, recommendations | p50 | p99 | requests/s |",
            "|---|---|---|---|---|---|---|"]
        for part in result["indexes"]:
            for point in part["points"]:
                lines.append(
                    f"| {NAMES[part['index']]} | `{part['parameter']}` {point[part['parameter']]} "
                    f"| {point['recall']['similar']:.4f} | {point['recall']['recommendations']:.4f} "
                    f"| {point['p50_ms']:.2f} ms | {point['p99_ms']:.2f} ms | {point['requests_per_second']:,.0f} |")
        lines += ["", f"![Recall against latency]({picture(result)})", ""]
    return "\n".join(lines)


def picture(result):
    return f"index-{result['items']}.svg"


def publish(results, document):
    """Writes the pictures beside the page."""
    for result in results:
        (document.parent / picture(result)).write_text(svg(result))
    page = document.read_text()
    before, rest = page.split(BEGIN)
    document.write_text(f"{before}{BEGIN}\n{text(results)}{END}{rest.split(END)[1]}")
