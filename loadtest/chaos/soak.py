"""A long time at most of what the service can do, with what a long time brings."""

import asyncio
import statistics
import time

#: Share of the closed loop's rate.
LOAD = 0.7


async def soak(stage, seconds):
    """Switches twice a minute and two restarts of the database; memory and descriptors must not grow."""
    load = stage.load
    began, before = time.monotonic(), load.tally.requests
    await asyncio.sleep(5)
    peak = (load.tally.requests - before) / (time.monotonic() - began)
    end = time.monotonic() + seconds
    samples, restarts, step = [], {seconds / 3, 2 * seconds / 3}, 10
    started, switches = time.monotonic(), 0
    while time.monotonic() < end:
        # The loop is closed: its pause between requests is what is missing to the rate wanted.
        before, began = load.tally.requests, time.monotonic()
        await asyncio.sleep(step)
        rate = (load.tally.requests - before) / (time.monotonic() - began)
        load.pause = max(0.0, load.pause + load.connections * (1 / (LOAD * peak) - 1 / max(rate, 1)))
        samples.append((stage.service.memory(), stage.service.descriptors()))
        elapsed = time.monotonic() - started
        if elapsed > 30 * (switches + 1):
            target = stage.numbers[switches % 2]
            stage.cluster.sql(f"SELECT kindred.activate_generation({target})")
            switches += 1
        if restarts and elapsed > min(restarts):
            restarts.remove(min(restarts))
            await stage.cluster.stop()
            await stage.cluster.start()
    load.pause = 0.0
    stage.note(f"{peak:,.0f} requests/s at most, {switches} switches, 2 restarts of the database")
    third = max(1, len(samples) // 3)
    early = [statistics.median(column) for column in zip(*samples[third : 2 * third])]
    late = [statistics.median(column) for column in zip(*samples[-third:])]
    stage.note(f"resident {early[0] / 2**20:.0f} MB in the second third, {late[0] / 2**20:.0f} MB in the last")
    stage.note(f"descriptors {early[1]:.0f} and {late[1]:.0f}")
    if late[0] > early[0] * 1.1 + (4 << 20):
        stage.fail("memory grows")
    if late[1] > early[1] + 4:
        stage.fail("descriptors grow")
    return time.monotonic()
