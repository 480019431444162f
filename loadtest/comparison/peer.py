"""What is compared: a folder with `peer.json`, and `setup`, `prepare` and `run` where it needs them."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from comparison.failure import Failure

# A proxy from the environment must not be asked for this machine's own pages.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Peer:
    folder: Path
    #: Place in the table.
    order: int
    title: str
    #: `http`, a server on PORT; or `pgbench`, the statement alone.
    kind: str
    #: `reference` for Kindred; `same`: its very answers; `recall`: its form, at no less recall; `none`: a floor that
    #: only sends bytes.
    contract: str
    measures: list = field(default_factory=lambda: ["throughput", "latency"])
    #: Half of its throughput is the rate at which latency is measured.
    sets_rate: bool = False
    #: Variables that get a free port each, beside PORT.
    ports: list = field(default_factory=list)
    #: What is asked; {id} is a movie.
    path: str = "/v1/movies/{id}/similar?k=10"
    #: Answers 200 once the server is ready.
    ready: str = "/readyz"
    #: A counter in /metrics of answers that did not come from where they should; they may not be many.
    fallback_counter: str | None = None
    #: HNSW candidates kept while searching; given to the peer's programs as PEER_EF_SEARCH.
    ef_search: int = 64
    #: The process group of the running server.
    group: int | None = field(default=None, init=False)

    @property
    def name(self):
        return self.folder.name

    def environment(self):
        return os.environ | {"PEER_EF_SEARCH": str(self.ef_search)}

    def run_step(self, step):
        """Runs `setup` or `prepare`, where there is one."""
        program = self.folder / step
        if program.exists() and subprocess.run([program], env=self.environment(), stdin=subprocess.DEVNULL).returncode:
            raise Failure(f"{self.name}: its {step} failed; its words are above")

    @contextmanager
    def running(self, logs):
        """Starts the server in a process group of its own, yields its URL, and ends the group."""
        ports = free_ports(1 + len(self.ports))
        environment = self.environment() | dict(zip(["PORT", *self.ports], map(str, ports)))
        log = logs / f"{self.name}.log"
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [self.folder / "run"], env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True)
        self.group = process.pid
        try:
            url = f"http://127.0.0.1:{ports[0]}"
            self._wait(process, url, log)
            yield url
            if process.poll() is not None:
                raise Failure(f"{self.name} ended by itself; its log is {log}")
        finally:
            end_group(process)

    def fallbacks(self, url):
        """How often the running server fell back; 0 for one that cannot."""
        if self.fallback_counter is None:
            return 0
        with OPENER.open(url + "/metrics", timeout=5) as response:
            found = re.search(rf"^{self.fallback_counter}(?:{{.*}})? (\S+)$", response.read().decode(), re.MULTILINE)
        if found is None:
            raise Failure(f"{self.name} has no counter {self.fallback_counter}")
        return float(found[1])

    def _wait(self, process, url, log):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise Failure(f"{self.name} ended before it was ready; its log is {log}")
            try:
                with OPENER.open(url + self.ready, timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise Failure(f"{self.name} was not ready within a minute; its log is {log}")


def read_peers(folders):
    peers = []
    for folder in folders:
        try:
            described = json.loads((folder / "peer.json").read_text())
            peers.append(Peer(folder=folder, **described))
        except (OSError, ValueError, TypeError) as error:
            raise Failure(f"{folder / 'peer.json'} cannot be used: {error}") from error
    return sorted(peers, key=lambda peer: peer.order)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def end_group(process):
    """Lets every process of the group finish, then insists."""
    for sent, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        deadline = time.monotonic() + seconds
        try:
            os.killpg(process.pid, sent)
            while time.monotonic() < deadline:
                process.poll()
                os.killpg(process.pid, 0)
                time.sleep(0.05)
        except ProcessLookupError:
            process.wait()
            return
    raise Failure(f"process group {process.pid} does not end")
