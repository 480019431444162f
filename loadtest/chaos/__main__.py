"""Faults under load on a private database; `loadtest/run-chaos` calls it and says how."""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path

from chaos import bouncer, faults, replicas
from chaos.client import Load
from chaos.cluster import Cluster
from chaos.events import Events
from chaos.oracle import Generation, Oracle, interactions
from chaos.service import Service
from chaos.soak import soak
from comparison.failure import Failure

#: Name, fault, whether the service itself may be unreachable.
LIST = [
    ("generation switches", faults.switches, False),
    ("database killed", faults.killed, False),
    ("database hung", faults.hung, False),
    ("database refuses", faults.refusing, False),
    ("database restarted", faults.restarted, False),
    ("database slow", faults.slow, False),
    ("database read-only", faults.read_only, False),
    ("no connection left", faults.no_connections, False),
    ("database's disk full", faults.full_disk, False),
    ("overload", faults.overload, False),
    ("service stopped", faults.service_stopped, True),
    ("service killed", faults.service_killed, True),
    ("started without database", faults.started_without_database, True),
]
#: With a second service, which reads from a standby; its requests are the ones counted.
WITH_STANDBY = [("standby behind", replicas.behind), ("standby promoted", replicas.promoted)]
BOUNCED = "PgBouncer killed"
#: Seconds within which the database must be used again once it is back.
RECOVERY = 5.0


def say(words):
    print(f"    {words}", file=sys.stderr, flush=True)


class Stage:
    """Where a fault happens."""

    END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'kindred%'"

    def __init__(self, arguments, cluster, service, load, numbers):
        self.cluster, self.service, self.load, self.numbers = cluster, service, load, numbers
        self.seconds, self.switches, self.answers = arguments.seconds, arguments.switches, arguments.answers
        self.home = arguments.home
        self.notes, self.failures = [], []

    def fail(self, words):
        """What the fault itself found not to be as it must."""
        self.failures.append(words)

    def note(self, words):
        self.notes.append(words)

    async def until(self, condition, what, patience=60):
        end = time.monotonic() + patience
        while not condition():
            if time.monotonic() > end:
                raise Failure(f"after {patience} s still not true: {what}")
            await asyncio.sleep(0.01)

    async def healthy(self, patience=60):
        """Until no answer has been degraded or failed for a second and a half."""

        def quiet():
            last = max(filter(None, (self.load.tally.last_degraded, self.load.tally.last_failure)), default=0)
            return time.monotonic() - last > 1.5

        await self.until(quiet, "answers come from the database again", patience)


async def run(arguments):
    cluster = Cluster(arguments.project, arguments.home)
    await cluster.start()
    program = arguments.programs / "kindred"
    numbers = [int(number) for number in arguments.generations]
    bundles = arguments.bundles
    seen = [pair for bundle in bundles for pair in interactions(bundle)]
    oracle = Oracle({number: Generation(bundle, seen) for number, bundle in zip(numbers, bundles)})
    service = Service(program, arguments.project / "scripts", arguments.home, cluster.url)
    await service.start()
    beginning = service.memory()
    say(f"the service at the beginning: {beginning >> 20} MB resident, {service.descriptors()} descriptors")
    rows = []
    try:
        async with Events(service.port, oracle) as events, Load(service.port, oracle, arguments.connections) as load:
            stage = Stage(arguments, cluster, service, load, numbers)
            for name, fault, may_fail in LIST:
                if arguments.only and name not in arguments.only:
                    continue
                rows.append(await one(name, fault, may_fail, stage, events))
                say(line(rows[-1]))
            if arguments.soak and (not arguments.only or "soak" in arguments.only):
                rows.append(await one("soak", lambda s: soak(s, arguments.soak), False, stage, events))
                say(line(rows[-1]))
        missing, doubled = await events.lost(cluster)
        if not arguments.only or BOUNCED in arguments.only:
            rows.append(await behind_bouncer(arguments, cluster, oracle, numbers))
        if any(not arguments.only or name in arguments.only for name, _ in WITH_STANDBY):
            rows_of_standby, *more = await with_standby(arguments, cluster, service, oracle, numbers)
            rows += rows_of_standby
            missing, doubled = missing + more[0], doubled + more[1]
        memory, descriptors = service.memory(), service.descriptors()
    finally:
        await service.stop()
        await cluster.stop()
    for row in rows:
        row.setdefault("lost", missing)
    summary = [
        table(rows), "",
        f"{len(events.accepted):,} events accepted by the first service, {missing} lost, {doubled} stored twice. The first "
        f"service had {beginning >> 20} MB resident at the beginning and {memory >> 20} MB at the end.",
    ] + [f"- {row['fault']}: {'; '.join(row['notes'])}." for row in rows if row["notes"]]
    print("\n".join(summary))
    print(f"{descriptors} descriptors at the end, {events.refused} events refused with 503")
    if arguments.document:
        write(arguments.document, "\n".join(summary))
    arguments.json.write_text(json.dumps({"rows": rows, "events": len(events.accepted)}, indent=1) + "\n")
    bad = [row["fault"] for row in rows if row["verdict"]]
    if missing or doubled:
        bad.append("events")
    if bad:
        raise Failure(f"not as it must be: {', '.join(bad)}")


async def with_standby(arguments, cluster, service, oracle, numbers):
    """(rows, lost events, doubled events)"""
    standby = await cluster.make_standby(arguments.project / "scripts")
    reader = replicas.make_reader(arguments, standby)
    rows = []
    try:
        await reader.start()
        async with (
            Events(reader.port, oracle, seed=4) as events,
            replicas.make_load(reader, oracle, arguments.connections) as load,
        ):
            stage = Stage(arguments, cluster, service, load, numbers)
            for name, fault in WITH_STANDBY:
                if not arguments.only or name in arguments.only:
                    rows.append(await one(name, lambda s: fault(s, standby, reader), False, stage, events))
                    say(line(rows[-1]))
        missing, doubled = await events.lost(cluster, standby.url)
        await reader.stop()
        return rows, missing, doubled
    finally:
        standby.stop()


async def behind_bouncer(arguments, cluster, oracle, numbers):
    pgbouncer, service = await bouncer.make(arguments, cluster)
    try:
        async with Events(service.port, oracle, seed=5) as events, Load(service.port, oracle, arguments.connections) as load:
            stage = Stage(arguments, cluster, service, load, numbers)
            row = await one(BOUNCED, lambda s: bouncer.restarted(s, pgbouncer), False, stage, events)
            say(line(row))
        row["lost"] = sum(await events.lost(cluster))
        await service.stop()
        return row
    finally:
        pgbouncer.stop()


async def one(name, fault, may_fail, stage, events):
    await stage.healthy()
    stage.load.restart_tally()
    await asyncio.sleep(stage.seconds / 2)
    steady = stage.load.restart_tally()
    stage.notes.clear()
    stage.failures.clear()
    began = time.monotonic()
    returned = await fault(stage)
    await stage.healthy()
    tally = stage.load.restart_tally()
    last = max(filter(None, (tally.last_degraded, tally.last_failure)), default=0)
    row = {
        "fault": name, "seconds": round(time.monotonic() - began, 1), "requests": tally.requests, "failed": tally.failed,
        "mixed": tally.mixed, "degraded": tally.degraded, "refused": tally.refused, "inexact": tally.inexact,
        "recovery": round(max(0.0, last - returned), 2), "p99_steady_ms": steady.percentile(0.99),
        "p99_ms": tally.percentile(0.99), "slowest_ms": tally.percentile(1), "generations": tally.generations,
        "notes": list(stage.notes), "reasons": tally.reasons,
    }
    row["verdict"] = verdict(row, may_fail) + stage.failures
    return row


def verdict(row, may_fail):
    """What is not as it must be."""
    found = []
    if row["failed"] and not may_fail:
        found.append(f"{row['failed']} requests failed")
    if row["mixed"]:
        found.append(f"{row['mixed']} answers were of no one generation")
    if row["recovery"] > RECOVERY:
        found.append(f"recovery took {row['recovery']} s")
    return found


def line(row):
    words = [f"{row['fault']}: {row['requests']} requests, {row['failed']} failed, {row['mixed']} mixed"]
    words += row["verdict"] + row["notes"] + row["reasons"]
    return "; ".join(words)


def table(rows):
    head = ["fault", "requests", "failed", "mixed", "lost", "from memory", "recovery s", "p99 ms (steady)", "slowest ms"]
    lines = [head, ["---"] * len(head)]
    for row in rows:
        lines.append([
            row["fault"], f"{row['requests']:,}", row["failed"], row["mixed"], row["lost"], f"{row['degraded']:,}",
            f"{row['recovery']:.2f}", f"{row['p99_ms']:.1f} ({row['p99_steady_ms']:.1f})", f"{row['slowest_ms']:.0f}"])
    return "\n".join("| " + " | ".join(map(str, cells)) + " |" for cells in lines)


def write(document, summary):
    """Puts the summary between the marks of a page."""
    begin, end = "<!-- chaos: begin -->\n", "<!-- chaos: end -->"
    text = document.read_text()
    document.write_text(text[: text.index(begin)] + begin + summary + "\n" + text[text.index(end) :])


def arguments():
    parser = argparse.ArgumentParser(prog="chaos")
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--bundles", type=Path, nargs=2, required=True)
    parser.add_argument("--generations", nargs=2, required=True)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--soak", type=float, default=600)
    parser.add_argument("--switches", type=int, default=100)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--document", type=Path)
    parser.add_argument("--only", nargs="*")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        asyncio.run(run(arguments()))
    except Failure as failure:
        sys.exit(f"\nerror: {failure}")
