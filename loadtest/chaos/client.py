"""A closed loop over a few connections that checks every answer."""

import asyncio
import random
import time

from chaos.oracle import Wrong

COUNT = 10


class Tally:
    """What became of the requests of one fault."""

    def __init__(self):
        self.began = time.monotonic()
        self.requests = self.failed = self.mixed = self.degraded = self.inexact = self.refused = 0
        #: Of the failed, those that had been sent: nobody can know what became of them.
        self.cut = 0
        self.generations = {}
        #: Reasons of the first failures and wrong answers, for the reader.
        self.reasons = []
        #: (end, seconds) of each request that was answered.
        self.latencies = []
        self.last_degraded = self.last_failure = None

    def note(self, reason):
        if len(self.reasons) < 5:
            self.reasons.append(reason)

    def percentile(self, share, since=0.0, until=float("inf")):
        """Of the latencies in milliseconds, by nearest rank; None without any."""
        chosen = sorted(taken for end, taken in self.latencies if since <= end <= until)
        return 1e3 * chosen[min(len(chosen) - 1, int(share * len(chosen)))] if chosen else None


class Load:
    """Requests drawn uniformly over all movies and users until it is told to stop."""

    #: A request that takes longer has failed.
    PATIENCE = 5.0

    def __init__(self, port, oracle, connections=8, query="", pause=0.0, seed=1):
        self.port = port
        self.oracle = oracle
        self.query = query
        self.connections = connections
        #: Seconds between an answer and the next request of its connection.
        self.pause = pause
        self.random = random.Random(seed)
        generation = next(iter(oracle.generations.values()))
        self.targets = [("similar", id, f"/v1/movies/{id}/similar") for id in generation.items]
        self.targets += [("recommendations", id, f"/v1/users/{id}/recommendations") for id in generation.users]
        self.tally = Tally()
        self._stopping = False

    async def __aenter__(self):
        self._tasks = [asyncio.create_task(self._run()) for _ in range(self.connections)]
        return self

    async def __aexit__(self, *error):
        self._stopping = True
        await asyncio.gather(*self._tasks)

    def restart_tally(self):
        """Begins to count anew; returns what was counted."""
        tally, self.tally = self.tally, Tally()
        return tally

    async def _run(self):
        reader = writer = None
        while not self._stopping:
            route, id, path = self.random.choice(self.targets)
            began = time.monotonic()
            tally = self.tally
            tally.requests += 1
            is_sent = False
            try:
                async with asyncio.timeout(self.PATIENCE):
                    if writer is None:
                        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.write(f"GET {path}?k={COUNT}{self.query} HTTP/1.1\r\nHost: chaos\r\n\r\n".encode())
                    is_sent = True
                    status, body, stays = await read_answer(reader)
            except (OSError, EOFError, TimeoutError, ValueError) as error:
                tally.failed += 1
                tally.cut += is_sent
                tally.last_failure = time.monotonic()
                tally.note(f"{type(error).__name__} {error} at {path}")
                if writer is not None:
                    writer.close()
                reader = writer = None
                await asyncio.sleep(0.02)
                continue
            if not stays:
                writer.close()
                reader = writer = None
            self._count(tally, route, id, status, body, began)
            if self.pause:
                await asyncio.sleep(self.pause)
        if writer is not None:
            writer.close()

    def _count(self, tally, route, id, status, body, began):
        end = time.monotonic()
        if status == 503:
            tally.refused += 1
            return
        if status != 200:
            tally.failed += 1
            tally.last_failure = end
            tally.note(f"status {status}: {body[:200]!r}")
            return
        tally.latencies.append((end, end - began))
        try:
            number, exact, degraded = self.oracle.judge(route, id, COUNT, body)
        except (Wrong, KeyError, ValueError, IndexError) as error:
            tally.mixed += 1
            tally.note(f"{type(error).__name__}: {error}, {route} of {id}: {body[:300]!r}")
            return
        tally.generations[number] = tally.generations.get(number, 0) + 1
        tally.inexact += not exact
        if degraded:
            tally.degraded += 1
            tally.last_degraded = end


async def read_answer(reader):
    """(status, body, whether the connection stays open)"""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    start = lower.index(b"content-length: ") + 16
    length = int(lower[start : lower.index(b"\r\n", start)])
    return status, await reader.readexactly(length), b"connection: close" not in lower
