"""The embedded PostgreSQL of a home, as scripts/postgres runs it, and what can be done to it."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path

from comparison.failure import Failure

#: A standby can be made of the server, and a full disk or a crash costs no long recovery.
SETTINGS = "wal_level = replica\nmax_wal_senders = 4\nhot_standby = on\nmin_wal_size = '32MB'\nmax_wal_size = '64MB'\n"


class Cluster:
    def __init__(self, project, home):
        self.script = project / "scripts" / "postgres"
        self.environment = os.environ | {"KINDRED_HOME": str(home), "KINDRED_POSTGRES_SETTINGS": SETTINGS}
        self.environment.pop("DATABASE_URL", None)

    def call(self, *words):
        done = subprocess.run([self.script, *words], env=self.environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"scripts/postgres {' '.join(words)}: {done.stderr.strip()[-500:]}")
        return done.stdout.strip()

    async def start(self):
        await asyncio.to_thread(self.call, "start")
        self.url = self.call("url")
        self.programs = Path(self.call("bin"))
        self.data = Path(self.call("status").split("data in ")[1].split(", log in")[0])

    async def stop(self):
        await asyncio.to_thread(self.call, "stop")

    def sql(self, text, url=None):
        done = subprocess.run(
            [self.programs / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url or self.url],
            input=text, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"psql: {done.stderr.strip()}")
        return done.stdout.splitlines()

    # --- its processes

    def postmaster(self):
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def processes(self):
        """The postmaster and its children."""
        postmaster = self.postmaster()
        found = [postmaster]
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            if int(fields[1]) == postmaster:
                found.append(int(entry.name))
        return found

    def signal(self, number):
        """To every process of the server; one that has ended meanwhile needs none."""
        for pid in self.processes():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def kill(self):
        os.kill(self.postmaster(), signal.SIGKILL)

    async def slow(self, seconds, running=0.01, stopped=1.0):
        """Lets the server's processes run for a small share of the time."""
        end = asyncio.get_running_loop().time() + seconds
        try:
            while asyncio.get_running_loop().time() < end:
                self.signal(signal.SIGSTOP)
                await asyncio.sleep(stopped)
                self.signal(signal.SIGCONT)
                await asyncio.sleep(running)
        finally:
            self.signal(signal.SIGCONT)

    # --- a standby of it

    async def make_standby(self, scripts):
        return await asyncio.to_thread(Standby, self, scripts)


class Standby:
    """A streaming standby beside its primary."""

    def __init__(self, primary, scripts):
        self.primary = primary
        self.folder = primary.data.parent / "standby"
        self.data = self.folder / "data"
        owner = primary.data.stat()
        self._as_owner = (
            ["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups", "--"]
            if os.geteuid() == 0 else [])
        self.folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(self.folder, owner.st_uid, owner.st_gid)
        self.port = subprocess.run([scripts / "port", "free"], capture_output=True, text=True, check=True).stdout.strip()
        self.url = f"postgresql://kindred@{str(self.folder).replace('/', '%2F')}:{self.port}/kindred"
        # The socket's folder is private; `all` does not name replication.
        with (primary.data / "pg_hba.conf").open("a") as rules:
            rules.write("local replication all trust\n")
        primary.sql("SELECT pg_reload_conf()")
        self.run("pg_basebackup", "-d", primary.url, "-D", self.data, "-R", "-X", "stream", "-c", "fast")
        options = f"-c port={self.port} -c unix_socket_directories={self.folder}"
        self.run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "log", "-o", options, "start")

    def run(self, program, *words):
        done = subprocess.run(
            [*self._as_owner, self.primary.programs / program, *words], cwd="/", stdin=subprocess.DEVNULL,
            # The server would keep a pipe open.
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if done.returncode != 0:
            raise Failure(f"{program} of the standby ended with {done.returncode}")

    def promote(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-t", "60", "promote")

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    @property
    def both(self):
        """A URL of either, without what may be asked of it."""
        hosts = [url.split("@")[1].split("/kindred")[0] for url in (self.primary.url, self.url)]
        return f"postgresql://kindred@{','.join(hosts)}/kindred"
