"""The real service on its database, and what can be done to both."""

import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.request

PROJECT = pathlib.Path(os.environ["PAGE_PROJECT"])
HOME = pathlib.Path(os.environ["KINDRED_HOME"])
# A proxy from the environment must not be asked for this machine's own pages.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def eventually(what, holds, seconds=20):
    """Waits until `holds()` is true, and returns what it is."""
    end = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


class Database:
    def __init__(self):
        self.data = pathlib.Path(self._script("status").split("data in ")[1].split(", log in")[0])
        self.programs = pathlib.Path(self._script("bin"))

    def _script(self, *words):
        done = subprocess.run(
            [PROJECT / "scripts" / "postgres", *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"scripts/postgres {' '.join(words)}: {done.stderr[-500:]}")
        return done.stdout.strip()

    def kill(self):
        """As the kernel would: without a word, and with nothing written."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(["ps", "--ppid", str(postmaster), "-o", "pid="], capture_output=True, text=True, check=False)
        for pid in [postmaster, *map(int, children.stdout.split())]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def start(self):
        self._script("start")

    def value(self, sql):
        done = subprocess.run(
            [self.programs / "psql", "-XqAt", "-d", os.environ["DATABASE_URL"], "-c", sql],
            capture_output=True, text=True, check=True)
        return done.stdout.strip()


class Service:
    def __init__(self):
        free = subprocess.run([PROJECT / "scripts" / "port", "free"], capture_output=True, text=True, check=True)
        self.port = free.stdout.strip()
        self.base = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        environment = os.environ | {"PORT": self.port, "KINDRED_STATE": str(HOME / "service-state")}
        with (HOME / "service.log").open("a") as log:
            self.process = subprocess.Popen(
                [os.environ["PAGE_PROGRAM"], "serve"], env=environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True)
        eventually("the service is ready", self._is_ready, 60)

    def _is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the service ended: {(HOME / 'service.log').read_text()[-1000:]}")
        try:
            return self.get("/readyz")
        except OSError:
            return None

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def get(self, path):
        with opener.open(self.base + path, timeout=10) as answer:
            return json.loads(answer.read())

    def post(self, path, body):
        request = urllib.request.Request(
            self.base + path, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
        with opener.open(request, timeout=10) as answer:
            return json.loads(answer.read())

    def text(self, path):
        with opener.open(self.base + path, timeout=10) as answer:
            return answer.read().decode()
