"""The database that is loaded and measured, and what its server has logged."""

import csv
import json
import os
import re
import subprocess
import threading
import time
from pathlib import Path

from comparison.failure import Failure


class Database:
    def __init__(self, postgres_programs, log, programs, home):
        self.postgres_programs, self.log, self.programs = postgres_programs, log, programs
        self.bundle, self.record = home / "bundle", home / "builds.json"
        #: By generation; what is loaded already is not built again.
        self.builds = json.loads(self.record.read_text()) if self.record.exists() else {}
        self.url = os.environ["DATABASE_URL"]
        manifest = json.loads((self.bundle / "manifest.json").read_text())
        self.items, self.users = manifest["dataset"]["items"], manifest["dataset"]["users"]
        self.dimensions = manifest["geometry"]["dimensions"]

    def psql(self, *arguments, sql=None):
        done = subprocess.run(
            [self.postgres_programs / "psql", "-X", "-q", "--csv", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url,
             *arguments], input=sql, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"psql: {done.stderr.strip()}")
        return done.stdout

    def rows(self, sql):
        return list(csv.reader(self.psql(sql=sql).splitlines()))

    def value(self, sql):
        return self.rows(sql)[0][0]

    def load(self, storage="vector", *options):
        """The number of the generation; one that is loaded already with these options is not loaded again."""
        mark = self.mark()
        with BuildMemory(self) as memory:
            done = subprocess.run(
                [self.programs / "kindred", "load", self.bundle, "--storage", storage, "--json", *options],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise Failure("kindred load failed; its words are above")
        summary = json.loads(done.stdout)
        generation = summary["generation"]
        if not summary["already_loaded"]:
            seconds = self.durations(mark, rf"^CREATE INDEX ON {self.table(generation)} ")
            self.builds[str(generation)] = {"index_seconds": seconds, "memory_bytes": memory.peak}
            self.record.write_text(json.dumps(self.builds))
        return generation

    @staticmethod
    def table(generation):
        return f"kindred.item_vectors_g{generation}"

    def index(self, generation):
        """What its indexes took when they were built, and what they weigh."""
        sizes = self.rows(
            f"""SELECT pg_relation_size(indexrelid) FROM pg_index
                WHERE indrelid = '{self.table(generation)}'::regclass AND NOT indisprimary ORDER BY indexrelid""")
        return self.builds[str(generation)] | {"index_bytes": [int(size) for size, in sizes]}

    def forget(self, generation):
        """So that it can be loaded again."""
        for table in ("item_vectors", "user_vectors", "item_encoders"):
            self.rows(f"DROP TABLE IF EXISTS kindred.{table}_g{generation} CASCADE")
        self.rows(f"UPDATE kindred.generations SET state = 'failed', failure = 'measured' WHERE id = {generation}")

    def mark(self):
        """A place in the server's log, for `durations`."""
        return self.log.stat().st_size

    def durations(self, mark, pattern):
        """Seconds of the statements that were logged since `mark`, in order."""
        with open(self.log, errors="replace") as log:
            log.seek(mark)
            words = log.read()
        found = re.finditer(r"duration: ([\d.]+) ms  (?:statement|execute [^:]+): (.*)", words)
        return [float(one[1]) / 1e3 for one in found if re.search(pattern, one[2])]

    def postmaster(self):
        return int((Path(self.value("SHOW data_directory")) / "postmaster.pid").read_text().split()[0])


class BuildMemory:
    """The most memory that index builds take: what their processes have of their own, and what these share."""

    PAUSE = 0.25

    def __init__(self, database):
        self.parent = database.postmaster()
        self.before = self.shared()
        self.peak = 0
        self.ended = threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def watch(self):
        while not self.ended.is_set():
            self.peak = max(self.peak, self.own() + self.shared() - self.before)
            time.sleep(self.PAUSE)

    def own(self):
        total = 0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                status = (folder / "status").read_text()
                command = (folder / "cmdline").read_text()
            except OSError:
                continue  # it ended meanwhile
            if f"PPid:\t{self.parent}\n" in status and re.search("CREATE INDEX|parallel worker", command):
                total += 1024 * int(re.search(r"RssAnon:\s+(\d+)", status)[1])
        return total

    @staticmethod
    def shared():
        total = 0
        for file in Path("/dev/shm").glob("PostgreSQL.*"):
            try:
                total += 512 * file.stat().st_blocks
            except OSError:
                pass
        return total
