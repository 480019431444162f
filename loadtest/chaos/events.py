"""Feedback sent while faults happen, and what the database has of it in the end."""

import asyncio
import json
import random
import uuid

from chaos.client import read_answer


class Events:
    """A few clients that post events and send each again until it is accepted."""

    def __init__(self, port, oracle, pause=0.02, clients=2, seed=2):
        self.port = port
        self.pause = pause
        self.clients = clients
        self.random = random.Random(seed)
        generation = next(iter(oracle.generations.values()))
        # Not those who are asked about: an event changes the very next recommendation, and the oracle knows only the models.
        self.movies, self.users = generation.items, range(max(generation.users) + 1, max(generation.users) + 1000)
        self.accepted = set()
        self.refused = 0
        self._stopping = False

    async def __aenter__(self):
        self._tasks = [asyncio.create_task(self._run()) for _ in range(self.clients)]
        return self

    async def __aexit__(self, *error):
        self._stopping = True
        await asyncio.gather(*self._tasks)

    async def _run(self):
        while not self._stopping:
            id = str(uuid.uuid4())
            event = {
                "event_id": id, "user_id": self.random.choice(self.users), "movie_id": self.random.choice(self.movies),
                "kind": "watched", "value": self.random.randint(1, 7200),
            }
            while not await self._send(event):
                if self._stopping:
                    return
                await asyncio.sleep(0.1)
            self.accepted.add(id)
            await asyncio.sleep(self.pause)

    async def _send(self, event):
        """Whether it was accepted. One that was lost on the way is sent again under the same id."""
        body = json.dumps(event).encode()
        writer = None
        try:
            async with asyncio.timeout(5):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(
                    b"POST /v1/events HTTP/1.1\r\nHost: chaos\r\nContent-Type: application/json\r\n"
                    b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
                status, answer, _ = await read_answer(reader)
        except (OSError, EOFError, TimeoutError, ValueError):
            return False
        finally:
            if writer is not None:
                writer.close()
        if status == 503:
            self.refused += 1
            return False
        if status != 202:
            raise RuntimeError(f"an event was answered with {status}: {answer!r}")
        return True

    async def lost(self, cluster, url=None, patience=60):
        """(accepted events that the database has not, those it has more than once), once it has had time to get them."""
        for attempt in range(patience):
            stored = [line for line in cluster.sql("SELECT event_id FROM kindred.events", url) if line]
            missing = self.accepted - set(stored)
            if not missing:
                break
            await asyncio.sleep(1)
        return len(missing), len(stored) - len(set(stored))
