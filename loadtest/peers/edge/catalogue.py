"""The active generation in memory, read as Kindred reads it: one consistent view of one database."""

from dataclasses import dataclass

import asyncpg
import numpy as np


class Space:
    """One vector column of the items: ids in ascending order, and the rows that have a vector."""

    def __init__(self, name, ids, vectors):
        self.name = name
        self.ids = ids
        self.matrix = np.zeros((len(ids), max((len(v) for v in vectors if v is not None), default=0)), np.float32)
        self.present = np.array([v is not None for v in vectors], bool)
        for row, vector in enumerate(vectors):
            if vector is not None:
                self.matrix[row] = vector

    def scan(self, query, count, excluded):
        """The exact answer, for when a backend brought fewer than there are."""
        distances = np.linalg.norm(self.matrix - query, axis=1)
        distances[~self.present | np.isin(self.ids, list(excluded))] = np.inf
        order = np.lexsort((self.ids, distances))[:count]
        return [(int(self.ids[row]), float(distances[row])) for row in order if np.isfinite(distances[row])]


@dataclass
class Catalogue:
    generation: int
    content_hash: str
    squared_norm: float
    item_table: str
    #: Per id the fields that every result about it repeats, in the order of their names.
    movies: dict
    similarity: Space
    embedding: Space
    #: Rows of the two item spaces by id, and user vectors by id; None where there is no vector.
    rows: dict
    users: dict
    seen: dict
    popular: list

    def reachable(self, space, excluded):
        """How many items have a vector and are not excluded."""
        rows = [self.rows[item] for item in excluded]
        return int(space.present.sum()) - int(space.present[rows].sum())


async def read_catalogue(database_url):
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return await _read(connection)
    finally:
        await connection.close()


async def _read(connection):
    generation = await connection.fetchrow(
        """
        SELECT g.id, g.content_hash, c.id AS catalogue, (g.geometry ->> 'maximumNorm')::float8 AS norm
        FROM kindred.catalogues c JOIN kindred.generations g ON g.id = c.active_generation
        WHERE c.name = 'movies'
        """)
    if generation is None:
        raise SystemExit("the database has no active generation: run `kindred load BUNDLE --activate`")
    item_table = f"kindred.item_vectors_g{generation['id']}"
    items = await connection.fetch(
        f"""
        SELECT v.item_id AS id, m.title, m.year, m.genres, v.embedding::real[] AS embedding,
               v.similarity::real[] AS similarity
        FROM {item_table} v JOIN kindred.movies m ON m.movie_id = v.item_id
        ORDER BY v.item_id
        """)
    users = await connection.fetch(
        f"SELECT user_id AS id, embedding::real[] FROM kindred.user_vectors_g{generation['id']}")
    pairs = await connection.fetch(
        "SELECT user_id, item_id FROM kindred.interactions WHERE catalogue_id = $1 ORDER BY user_id, item_id",
        generation["catalogue"])
    ids = np.array([item["id"] for item in items], np.int64)
    rows = {int(item): row for row, item in enumerate(ids)}
    seen = {user["id"]: [] for user in users}
    counts = dict.fromkeys(rows, 0)
    for user, item in pairs:
        # A user or an item that came after this generation is not part of it.
        if user in seen and item in rows:
            seen[user].append(item)
            counts[item] += 1
    return Catalogue(
        generation=generation["id"], content_hash=generation["content_hash"],
        squared_norm=generation["norm"] ** 2, item_table=item_table,
        movies={item["id"]: _movie(item) for item in items},
        similarity=Space("similarity", ids, [item["similarity"] for item in items]),
        embedding=Space("embedding", ids, [item["embedding"] for item in items]),
        rows=rows,
        users={user["id"]: user["embedding"] and np.array(user["embedding"], np.float32) for user in users},
        seen=seen, popular=sorted(rows, key=lambda item: (-counts[item], item)))


def _movie(item):
    movie = {"genres": item["genres"], "movie_id": item["id"], "title": item["title"]}
    if item["year"] is not None:
        movie["year"] = item["year"]
    return movie
