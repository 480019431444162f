"""faiss HNSW in the serving process: no database at all, so what Python's HTTP costs by itself."""

import math
import os

import faiss
import numpy as np

from edge.app import build

EF_SEARCH = int(os.environ.get("PEER_EF_SEARCH", "64"))


class FaissBackend:
    name = "faiss"

    def __init__(self, catalogue):
        self.catalogue = catalogue
        self.indexes = {space.name: index(space) for space in (catalogue.similarity, catalogue.embedding)}
        self.parameters = faiss.SearchParametersHNSW(efSearch=EF_SEARCH)

    async def similar(self, movie, limit):
        query = self.catalogue.similarity.matrix[self.catalogue.rows[movie]]
        return self.search("similarity", query, limit, self.parameters)

    async def recommended(self, user, limit):
        unseen = faiss.IDSelectorNot(faiss.IDSelectorBatch(np.array(self.catalogue.seen[user], np.int64)))
        parameters = faiss.SearchParametersHNSW(efSearch=EF_SEARCH, sel=unseen)
        return self.search("embedding", self.catalogue.users[user], limit, parameters)

    def search(self, space, query, limit, parameters):
        squares, ids = self.indexes[space].search(query[None], limit, params=parameters)
        # METRIC_L2 is the square of the distance; -1 stands where there was nothing.
        return [
            (item, math.sqrt(square)) for item, square in zip(ids[0].tolist(), squares[0].tolist()) if item >= 0]

    async def close(self):
        pass


def index(space):
    """As Kindred builds its own: 16 links, 128 candidates while building."""
    graph = faiss.IndexHNSWFlat(space.matrix.shape[1], 16)
    graph.hnsw.efConstruction = 128
    whole = faiss.IndexIDMap(graph)
    whole.add_with_ids(space.matrix[space.present], space.ids[space.present])
    return whole


async def make_backend(catalogue):
    faiss.omp_set_num_threads(1)
    return FaissBackend(catalogue)


app = build(make_backend)
