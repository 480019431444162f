"""Milvus Lite's engine in the serving process: the shortest way to it, without its gRPC adapter in between."""

import math
import os
from pathlib import Path

from milvus_lite import MilvusLite

from edge.app import build

SEARCH = {"ef": int(os.environ.get("PEER_EF_SEARCH", "64"))}


class MilvusLiteBackend:
    name = "milvus-lite"

    def __init__(self, catalogue, database):
        self.database = database
        self.collections = {}
        for space in (catalogue.similarity, catalogue.embedding):
            collection = database.get_collection(space.name)
            collection.load()
            self.collections[space.name] = collection
        matrix = catalogue.similarity.matrix
        self.item_queries = {item: matrix[row].tolist() for item, row in catalogue.rows.items()}
        self.user_queries = {user: vector.tolist() for user, vector in catalogue.users.items() if vector is not None}
        self.seen_filters = {user: f"id not in {items}" if items else None for user, items in catalogue.seen.items()}

    async def similar(self, movie, limit):
        return self.search("similarity", self.item_queries[movie], limit, None)

    async def recommended(self, user, limit):
        return self.search("embedding", self.user_queries[user], limit, self.seen_filters[user])

    def search(self, space, query, limit, where):
        hits = self.collections[space].search(
            [query], top_k=limit, metric_type="L2", expr=where, output_fields=["id"], search_params=SEARCH)
        # Its L2 is the square of the distance.
        return [(hit["id"], math.sqrt(max(hit["distance"], 0))) for hit in hits[0]]

    async def close(self):
        self.database.close()


async def make_backend(catalogue):
    return MilvusLiteBackend(catalogue, MilvusLite(str(Path(os.environ["PEER_STATE"]) / "milvus.db")))


app = build(make_backend)
