"""pgvector through asyncpg: the statements that Kindred prepares, on connections tuned like Kindred's."""

import asyncio
import os

import asyncpg
import numpy as np

from edge.app import LIMITS, build

CONNECTIONS = int(os.environ.get("PEER_CONNECTIONS", "4"))
SETTINGS = {
    "application_name": "peer-fastapi",
    "hnsw.ef_search": os.environ.get("PEER_EF_SEARCH", "64"),
    "jit": "off",
}


class Session:
    """One connection and the statements prepared on it."""

    def __init__(self, connection, table):
        self.connection = connection
        self.table = table
        self.statements = {}
        self.iteration = None

    async def fetch(self, space, limit, *arguments):
        # As Kindred does: a scan past its ef_search candidates is slower, and only exclusions and long lists need it.
        iteration = "strict_order" if len(arguments) > 1 or limit > int(SETTINGS["hnsw.ef_search"]) else "off"
        if iteration != self.iteration:
            await self.connection.execute(f"SET hnsw.iterative_scan = {iteration}")
            self.iteration = iteration
        key = space, limit
        statement = self.statements.get(key)
        if statement is None:
            where = "" if len(arguments) == 1 else "WHERE item_id <> ALL ($2)"
            statement = self.statements[key] = await self.connection.prepare(
                f"SELECT item_id, {space} <-> $1 AS distance FROM {self.table} {where} "
                f"ORDER BY {space} <-> $1 LIMIT {limit}")
        return await statement.fetch(*arguments)


class PgvectorBackend:
    name = "pgvector"

    def __init__(self, catalogue, sessions):
        self.catalogue = catalogue
        self.sessions = sessions
        # Last in, first out: the backend whose caches are warm is asked again.
        self.idle = asyncio.LifoQueue()
        for session in sessions:
            self.idle.put_nowait(session)
        self.item_queries = {
            item: encoded(catalogue.similarity.matrix[row]) for item, row in catalogue.rows.items()}
        self.user_queries = {
            user: encoded(vector) for user, vector in catalogue.users.items() if vector is not None}

    async def similar(self, movie, limit):
        return await self.fetch("similarity", limit, self.item_queries[movie])

    async def recommended(self, user, limit):
        return await self.fetch("embedding", limit, self.user_queries[user], self.catalogue.seen[user])

    async def fetch(self, space, limit, *arguments):
        session = await self.idle.get()
        try:
            return await session.fetch(space, limit, *arguments)
        finally:
            self.idle.put_nowait(session)

    async def close(self):
        for session in self.sessions:
            await session.connection.close()


def encoded(vector):
    """pgvector's binary form, made once per query vector and not once per request."""
    return np.array([len(vector), 0], ">i2").tobytes() + vector.astype(">f4").tobytes()


async def make_backend(catalogue):
    sessions = []
    for _ in range(CONNECTIONS):
        connection = await asyncpg.connect(os.environ["DATABASE_URL"], server_settings=SETTINGS)
        await connection.set_type_codec(
            "vector", schema="public", format="binary", encoder=bytes, decoder=bytes)
        sessions.append(Session(connection, catalogue.item_table))
        await sessions[-1].fetch("similarity", LIMITS[0], encoded(catalogue.similarity.matrix[0]))
    return PgvectorBackend(catalogue, sessions)


app = build(make_backend)
