"""Chroma's own server over its HTTP API, asked by a client without its Python wrapping."""

import asyncio
import math
import os

import aiohttp
import orjson

from edge.app import build

API = "/api/v2/tenants/default_tenant/databases/default_database/collections"


class ChromaBackend:
    name = "chroma"

    def __init__(self, catalogue, session, collections):
        self.catalogue = catalogue
        self.session = session
        self.paths = {name: f"{API}/{collection}/query" for name, collection in collections.items()}
        # The vectors as JSON, made once per query vector and not once per request.
        self.item_queries = {item: text(catalogue.similarity.matrix[row]) for item, row in catalogue.rows.items()}
        self.user_queries = {user: text(vector) for user, vector in catalogue.users.items() if vector is not None}

    async def similar(self, movie, limit):
        return await self.ask(
            "similarity",
            b'{"include":["distances"],"n_results":%d,"query_embeddings":[%b]}' % (limit, self.item_queries[movie]))

    async def recommended(self, user, limit):
        where = orjson.dumps({"item": {"$nin": self.catalogue.seen[user]}}) if self.catalogue.seen[user] else b"null"
        return await self.ask(
            "embedding",
            b'{"include":["distances"],"n_results":%d,"query_embeddings":[%b],"where":%b}'
            % (limit, self.user_queries[user], where))

    async def ask(self, space, body):
        async with self.session.post(self.paths[space], data=body) as response:
            answer = orjson.loads(await response.read())
            if response.status != 200:
                raise RuntimeError(f"Chroma answered {response.status}: {answer}")
        # Its `l2` is the square of the distance.
        return [
            (int(item), math.sqrt(max(square, 0)))
            for item, square in zip(answer["ids"][0], answer["distances"][0])]

    async def close(self):
        await self.session.close()


def text(vector):
    return orjson.dumps(vector, option=orjson.OPT_SERIALIZE_NUMPY)


async def make_backend(catalogue):
    session = aiohttp.ClientSession(
        f"http://127.0.0.1:{os.environ['CHROMA_PORT']}", headers={"Content-Type": "application/json"},
        connector=aiohttp.TCPConnector(limit=int(os.environ.get("PEER_CONNECTIONS", "8"))))
    return ChromaBackend(catalogue, session, {name: await collection(session, name) for name in ("similarity", "embedding")})


async def collection(session, name):
    """The id of a collection; the server, started at the same time, has 30 s to come up."""
    for attempt in range(300):
        try:
            async with session.get(f"{API}/{name}") as response:
                answer = await response.json()
                if response.status != 200:
                    raise RuntimeError(f"Chroma has no collection {name}: {answer}")
                return answer["id"]
        except aiohttp.ClientConnectorError:
            if attempt == 299:
                raise
            await asyncio.sleep(0.1)


app = build(make_backend)
