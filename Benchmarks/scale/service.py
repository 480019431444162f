"""A running `kindred serve`, and what it answers."""

import http.client
import json
import os
import re
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from comparison.failure import Failure


class Service:
    def __init__(self, programs, port, log):
        self.program, self.port, self.log = programs / "kindred", port, log
        self.url = f"http://127.0.0.1:{port}"

    @contextmanager
    def running(self, **settings):
        """Starts it without a cache; yields the process, with the seconds until it was ready in `ready`."""
        environment = os.environ | {"PORT": str(self.port), "KINDRED_CACHE_ENTRIES": "0"} | settings
        with open(self.log, "ab") as log:
            start = time.monotonic()
            process = subprocess.Popen(
                [self.program, "serve"], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            process.ready = self._ready(process, start)
            yield process
            if process.poll() is not None:
                raise Failure(f"the service ended by itself; its log is {self.log}")
        finally:
            process.terminate()
            process.wait()

    def _ready(self, process, start):
        while time.monotonic() < start + 300:
            if process.poll() is not None:
                raise Failure(f"the service ended before it was ready; its log is {self.log}")
            try:
                if self.get("/readyz")[0] == 200:
                    return time.monotonic() - start
            except OSError:
                pass
            time.sleep(0.02)
        raise Failure(f"the service was not ready within five minutes; its log is {self.log}")

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def asker(self):
        return Asker(self.port)

    @staticmethod
    def memory(process, what="VmRSS"):
        """Bytes; `VmHWM` is the most there has been."""
        status = Path(f"/proc/{process.pid}/status").read_text()
        return 1024 * int(re.search(rf"{what}:\s+(\d+)", status)[1])


class Asker:
    """One connection that asks for lists."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ids(self, path):
        """Movie ids, and the milliseconds they took."""
        start = time.perf_counter()
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        body = response.read()
        taken = (time.perf_counter() - start) * 1e3
        if response.status != 200:
            raise Failure(f"{path} answers with HTTP {response.status}: {body.decode(errors='replace')}")
        answer = json.loads(body)
        if answer["degraded"]:
            raise Failure(f"{path} was answered by memory: the database is away or late")
        return [result["movie_id"] for result in answer["results"]], taken
