"""What takes part, and which figures of one round make which ratio."""

from dataclasses import dataclass

SIMILAR = "/v1/movies/{id}/similar?k=10"


@dataclass(frozen=True)
class Contender:
    name: str
    title: str
    #: The peer that serves it; None for pgbench.
    server: str | None
    path: str = SIMILAR
    distribution: str = "uniform"
    #: Also asked at a fixed rate, for its 99th percentile.
    has_latency: bool = False


#: Those that make a ratio are near each other: what a machine does in a minute changes both.
CONTENDERS = [
    Contender("uncached", "Kindred, cache off", "kindred", has_latency=True),
    Contender("fastapi", "FastAPI + asyncpg + pgvector", "fastapi-pgvector", has_latency=True),
    Contender("pgbench", "pgbench, the same statement", None),
    Contender("memory", "Kindred, `engine=memory`, cache off", "kindred", path=SIMILAR + "&engine=memory"),
    Contender("hummingbird", "bare Hummingbird, the same bytes", "hummingbird"),
    Contender("cached", "Kindred, cached, Zipf ids", "kindred-cached", distribution="zipf"),
    Contender("nio", "bare SwiftNIO, the same bytes", "nio"),
]

#: Name: (figure, ours, theirs); ours / theirs in one round. Higher is better, but for the p99.
RATIOS = {
    "uncached_vs_fastapi": ("requests_per_second", "uncached", "fastapi"),
    "uncached_vs_pgbench": ("requests_per_second", "uncached", "pgbench"),
    "cached_vs_hummingbird": ("requests_per_second", "cached", "hummingbird"),
    "cached_vs_nio": ("requests_per_second", "cached", "nio"),
    "memory_vs_hummingbird": ("requests_per_second", "memory", "hummingbird"),
    "p99_vs_fastapi": ("p99_ms", "uncached", "fastapi"),
}
TARGETS = {
    "uncached_vs_fastapi": "≥ 4", "uncached_vs_pgbench": "≥ 0.55", "cached_vs_hummingbird": "≥ 1",
    "cached_vs_nio": "≥ 0.8", "memory_vs_hummingbird": "≥ 0.8", "p99_vs_fastapi": "≤ 0.35", "scan_vs_faiss": "≥ 1",
}
