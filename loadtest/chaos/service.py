"""`kindred serve` as a process of its own."""

import asyncio
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

from comparison.failure import Failure


class Service:
    def __init__(self, program, scripts, home, url, name="service", **settings):
        self.program = program
        self.log = home / f"{name}.log"
        self.port = int(subprocess.run([scripts / "port", "free"], capture_output=True, text=True, check=True).stdout)
        self.environment = os.environ | {
            "DATABASE_URL": url, "KINDRED_CACHE_ENTRIES": "0", "KINDRED_STATE": str(home / f"{name}-state"),
            "PORT": str(self.port),
        } | {f"KINDRED_{key.upper()}": str(value) for key, value in settings.items()}
        self.process = None

    async def start(self):
        """Returns the seconds until it was ready."""
        began = time.monotonic()
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [self.program, "serve"], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
        while time.monotonic() - began < 60:
            if self.process.poll() is not None:
                raise Failure(f"the service ended with {self.process.returncode}: {self.tail()}")
            try:
                self.readiness()
                return time.monotonic() - began
            except OSError:
                await asyncio.sleep(0.01)
        raise Failure(f"the service was not ready within a minute: {self.tail()}")

    def tail(self):
        return self.log.read_text()[-1000:]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    async def stop(self):
        """Seconds until it had ended, gracefully."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = await asyncio.to_thread(self.process.wait, 60)
        if status != 0:
            raise Failure(f"the service ended with {status}: {self.tail()}")
        return time.monotonic() - began

    def get(self, path):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return answer.read().decode()

    def readiness(self):
        return json.loads(self.get("/readyz"))

    def memory(self):
        """Resident bytes."""
        fields = open(f"/proc/{self.process.pid}/statm").read().split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))
