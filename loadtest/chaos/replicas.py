"""Services over a primary and a streaming standby of it."""

import asyncio
import time

from chaos.client import Load
from chaos.service import Service


async def behind(stage, standby, reader):
    """The generation changes while the standby replays nothing: who reads from it keeps the old one."""
    cluster = stage.cluster
    old = stage.service.readiness()["generation"]
    new = next(number for number in stage.numbers if number != old)
    cluster.sql("SELECT pg_wal_replay_pause()", standby.url)
    cluster.sql(f"SELECT kindred.activate_generation({new})")
    await stage.until(lambda: stage.service.readiness()["generation"] == new, "the primary's service follows")
    await asyncio.sleep(stage.seconds)
    if reader.readiness()["generation"] != old:
        stage.fail("the standby's service has a generation that the standby has not")
    cluster.sql("SELECT pg_wal_replay_resume()", standby.url)
    resumed = time.monotonic()
    await stage.until(lambda: reader.readiness()["generation"] == new, "the standby's service follows")
    stage.note(f"followed {time.monotonic() - resumed:.2f} s after the standby went on")
    return time.monotonic()


async def promoted(stage, standby, reader):
    """The primary is killed and the standby takes its place."""
    stage.cluster.kill()
    await asyncio.sleep(stage.seconds / 2)
    await asyncio.to_thread(standby.promote)
    return time.monotonic()


def make_reader(arguments, standby):
    """A service that reads from the standby while there is one, and writes to whoever can be written to."""
    return Service(
        arguments.programs / "kindred", arguments.project / "scripts", arguments.home,
        f"{standby.both}?target_session_attrs=prefer-standby", name="reader",
        database_write_url=f"{standby.both}?target_session_attrs=read-write")


def make_load(reader, oracle, connections):
    return Load(reader.port, oracle, connections, seed=3)
