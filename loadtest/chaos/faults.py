"""What goes wrong. Each fault returns the moment from which everything was there again."""

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path


async def switches(stage):
    """The pointer moves between two generations; the next move comes when the service has followed."""
    for number in range(stage.switches):
        target = stage.numbers[number % 2]
        stage.cluster.sql(f"SELECT kindred.activate_generation({target})")
        await stage.until(lambda: stage.service.readiness()["generation"] == target, "the service follows the pointer")
        if number + 1 >= stage.switches and stage.load.tally.requests < stage.answers:
            await stage.until(lambda: stage.load.tally.requests >= stage.answers, "enough answers", patience=3600)
        else:
            # Spread over the answers, so that each switch has its share of them.
            share = stage.answers * (number + 1) / stage.switches
            await stage.until(lambda: stage.load.tally.requests >= share, "enough answers", patience=3600)
    return time.monotonic()


async def killed(stage):
    """The database's first process is killed, as by the kernel when memory runs out."""
    stage.cluster.kill()
    await asyncio.sleep(stage.seconds)
    await stage.cluster.start()
    return time.monotonic()


async def hung(stage):
    """Every process of the database stops where it is: connections stay open and nothing answers."""
    stage.cluster.signal(signal.SIGSTOP)
    await asyncio.sleep(stage.seconds)
    stage.cluster.signal(signal.SIGCONT)
    return time.monotonic()


async def refusing(stage):
    """The database is stopped in good order: connections are closed and new ones refused."""
    await stage.cluster.stop()
    await asyncio.sleep(stage.seconds)
    await stage.cluster.start()
    return time.monotonic()


async def restarted(stage):
    """Stopped and started at once, as for a new version."""
    await stage.cluster.stop()
    await stage.cluster.start()
    return time.monotonic()


async def slow(stage):
    """The database runs for a hundredth of the time: no reply comes in time."""
    await stage.cluster.slow(stage.seconds)
    return time.monotonic()


async def read_only(stage):
    """Nothing can be written; events wait in the journal."""
    stage.cluster.sql("ALTER SYSTEM SET default_transaction_read_only = on; SELECT pg_reload_conf()")
    # A session has the value it began with.
    stage.cluster.sql(stage.END_SESSIONS)
    await asyncio.sleep(stage.seconds)
    stage.cluster.sql(
        "SET default_transaction_read_only = off; ALTER SYSTEM RESET default_transaction_read_only; "
        "SELECT pg_reload_conf()")
    stage.cluster.sql(stage.END_SESSIONS)
    return time.monotonic()


async def no_connections(stage):
    """Others hold every connection the database has."""
    psql = [stage.cluster.programs / "psql", "-X", "-q", "-d", stage.cluster.url]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    # It has its place before the rush, to end the service's sessions from.
    control = subprocess.Popen(psql, stdin=subprocess.PIPE, text=True, **quiet)
    holders = []
    try:
        end = time.monotonic() + stage.seconds
        while time.monotonic() < end:
            control.stdin.write(stage.END_SESSIONS + ";\n")
            control.stdin.flush()
            # Those that came too late have ended; others take their turn.
            holders = [holder for holder in holders if holder.poll() is None]
            for _ in range(20):
                holders.append(subprocess.Popen([*psql, "-c", "SELECT pg_sleep(3600)"], stdin=subprocess.DEVNULL, **quiet))
            await asyncio.sleep(0.3)
        stage.note(f"others held {sum(holder.poll() is None for holder in holders)} connections")
    finally:
        # A backend that sleeps does not notice that its client has gone.
        control.communicate("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3600)';\n")
        for process in holders:
            process.kill()
            process.wait()
    return time.monotonic()


async def full_disk(stage):
    """The file system of the database is full: it can read, and what it must write fails."""
    filler = Path(stage.cluster.data).parent / "filler"
    subprocess.run(["chmod", "a+rx", filler.parent], check=False)
    free = os.statvfs(filler.parent)
    subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=1M"], stderr=subprocess.DEVNULL, check=False)
    stage.note(f"{free.f_bavail * free.f_frsize >> 20} MB were free")
    try:
        await asyncio.sleep(stage.seconds)
    finally:
        filler.unlink()
    try:
        stage.cluster.sql("SELECT 1")
    except Exception:
        await stage.cluster.start()
    return time.monotonic()


async def service_killed(stage):
    """The service itself is killed and started again: requests fail meanwhile, accepted events stay."""
    stage.service.kill()
    stage.note(f"ready {await stage.service.start():.2f} s after its start")
    return time.monotonic()


async def service_stopped(stage):
    """Told to stop and started again: what is under way is answered, new connections are refused meanwhile."""
    stage.note(f"stopped in {await stage.service.stop():.2f} s")
    if stage.load.tally.cut:
        stage.fail(f"{stage.load.tally.cut} requests were cut off")
    await stage.service.start()
    return time.monotonic()


async def overload(stage):
    """Far more connections than can be served: what is answered in time must not become less."""
    memory = stage.service.memory()
    peak = await asyncio.to_thread(wrk, stage, 16, stage.seconds)
    flooded = await asyncio.to_thread(wrk, stage, 1024, 2 * stage.seconds)
    stage.note(f"{peak:,.0f} answers/s over 16 connections, {flooded:,.0f} over 1,024")
    stage.note(f"{(stage.service.memory() - memory) >> 20} MB more resident")
    if flooded < 0.8 * peak:
        stage.fail("less than four fifths was answered under overload")
    return time.monotonic()


def wrk(stage, connections, seconds):
    """Right answers per second of a closed loop."""
    script = stage.home / "overload.lua"
    targets = ",".join(f'"{path}?k=10"' for _, _, path in stage.load.targets)
    script.write_text(
        f"local targets = {{ {targets} }}\n"
        'function request() return "GET " .. targets[math.random(#targets)] .. " HTTP/1.1\\r\\nHost: wrk\\r\\n\\r\\n" end\n')
    words = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{int(seconds)}s", "-s", script, f"http://127.0.0.1:{stage.service.port}"],
        capture_output=True, text=True, check=True).stdout
    answered = int(words.split(" requests in")[0].split()[-1])
    wrong = int(words.split("Non-2xx or 3xx responses: ")[1].split()[0]) if "Non-2xx" in words else 0
    return (answered - wrong) / int(seconds)


async def started_without_database(stage):
    """The service is started while the database is away, from its snapshot."""
    await stage.cluster.stop()
    await stage.service.stop()
    stage.note(f"ready {await stage.service.start():.2f} s after its start, from the snapshot")
    await asyncio.sleep(stage.seconds)
    await stage.cluster.start()
    return time.monotonic()
