"""Recall against latency as a picture."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 40, 48
COLOURS = {"hnsw": "#2563eb", "ivfflat": "#d97706"}
NAMES = {"hnsw": "HNSW", "ivfflat": "IVFFlat"}


def svg(result):
    """Both indexes' recall@10 of similar items over the median latency, which goes by powers of two."""
    points = [point for part in result["indexes"] for point in part["points"]]
    low = math.floor(math.log2(min(point["p50_ms"] for point in points)))
    high = max(math.ceil(math.log2(max(point["p50_ms"] for point in points))), low + 1)
    floor = math.floor(min(point["recall"]["similar"] for point in points) * 10) / 10

    def place(point):
        x = LEFT + (math.log2(point["p50_ms"]) - low) / (high - low) * (WIDTH - LEFT - RIGHT)
        return x, y(point["recall"]["similar"])

    def y(recall):
        return HEIGHT - BOTTOM - (recall - floor) / (1 - floor) * (HEIGHT - TOP - BOTTOM)

    title = f"recall@10 against the median latency, {result['items']:,} items"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-size="14">{escape(title)}</text>']
    for step in range(6):
        recall = floor + (1 - floor) * step / 5
        parts.append(f'<path d="M{LEFT} {y(recall):.1f}H{WIDTH - RIGHT}" stroke="#e5e7eb"/>'
                     f'<text x="{LEFT - 8}" y="{y(recall) + 4:.1f}" text-anchor="end">{recall:.2f}</text>')
    for power in range(low, high + 1):
        x = LEFT + (power - low) / (high - low) * (WIDTH - LEFT - RIGHT)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{2.0 ** power:g} ms</text>')
    for number, part in enumerate(result["indexes"]):
        colour = COLOURS[part["index"]]
        places = [place(point) for point in part["points"]]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        for (x, height), point in zip(places, part["points"]):
            parts.append(f'<circle cx="{x:.1f}" cy="{height:.1f}" r="3" fill="{colour}"/>'
                         f'<text x="{x + 5:.1f}" y="{height + 14:.1f}" fill="{colour}">{point[part["parameter"]]}</text>')
        parts.append(f'<text x="{LEFT + 180 * number}" y="{HEIGHT - 8}" fill="{colour}">'
                     f'{NAMES[part["index"]]} ({part["parameter"]})</text>')
    return "\n".join(parts + ["</svg>", ""])
