"""The database behind Kindred and its peers, asked through psql."""

import csv
import os
import subprocess
from pathlib import Path

from comparison.failure import Failure


class Database:
    def __init__(self, programs):
        #: The folder of psql and pgbench.
        self.programs = Path(programs)
        self.url = os.environ["DATABASE_URL"]
        row = self.rows(
            "SELECT g.id, g.content_hash, g.index_kind, g.index_options, current_setting('server_version'), "
            "(SELECT extversion FROM pg_extension WHERE extname = 'vector') "
            "FROM kindred.catalogues c JOIN kindred.generations g ON g.id = c.active_generation WHERE c.name = 'movies'")
        if not row:
            raise Failure("the database has no active generation")
        self.generation = int(row[0][0])
        self.content_hash, self.index, self.index_options, self.version, self.pgvector = row[0][1:]

    @property
    def table(self):
        return f"kindred.item_vectors_g{self.generation}"

    def rows(self, sql):
        done = subprocess.run(
            [self.programs / "psql", "-X", "-q", "--csv", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url],
            input=sql, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"psql: {done.stderr.strip()}")
        return list(csv.reader(done.stdout.splitlines()))

    def ids(self):
        movies = [int(row[0]) for row in self.rows(f"SELECT item_id FROM {self.table} ORDER BY item_id")]
        users = [
            int(row[0])
            for row in self.rows(f"SELECT user_id FROM kindred.user_vectors_g{self.generation} ORDER BY user_id")]
        return movies, users

    def exact_neighbours(self, count):
        """For every movie with a vector, its `count` nearest as {id: distance}, by an exact plan."""
        answer = {}
        for movie, neighbour, distance in self.rows(
            f"""
            SET enable_indexscan = off;
            SELECT q.item_id, n.item_id, n.distance FROM {self.table} q
            CROSS JOIN LATERAL (
                SELECT v.item_id, v.similarity <-> q.similarity AS distance FROM {self.table} v
                WHERE v.item_id <> q.item_id AND v.similarity IS NOT NULL
                ORDER BY distance, v.item_id LIMIT {count}) n
            WHERE q.similarity IS NOT NULL
            """):
            answer.setdefault(int(movie), {})[int(neighbour)] = float(distance)
        return answer
