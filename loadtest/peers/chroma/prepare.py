"""Fills Chroma with the active generation: one collection per vector column."""

import asyncio
import os
import shutil
from pathlib import Path

import chromadb

from edge.catalogue import read_catalogue

#: As Kindred builds its index, and `ef_search` as the recall asks for.
INDEX = {"space": "l2", "max_neighbors": 16, "ef_construction": 128, "ef_search": int(os.environ.get("PEER_EF_SEARCH", "64"))}


def fill(client, space):
    collection = client.create_collection(space.name, configuration={"hnsw": INDEX}, embedding_function=None)
    rows = [row for row in range(len(space.ids)) if space.present[row]]
    collection.add(
        ids=[str(space.ids[row]) for row in rows], embeddings=space.matrix[rows],
        metadatas=[{"item": int(space.ids[row])} for row in rows])


def main():
    state = Path(os.environ["PEER_STATE"])
    catalogue = asyncio.run(read_catalogue(os.environ["DATABASE_URL"]))
    wanted = f"{catalogue.content_hash} {INDEX}"
    record = state / "prepared"
    if record.exists() and record.read_text() == wanted:
        return
    record.unlink(missing_ok=True)
    shutil.rmtree(state / "data", ignore_errors=True)
    client = chromadb.PersistentClient(state / "data", settings=chromadb.Settings(anonymized_telemetry=False))
    for space in (catalogue.similarity, catalogue.embedding):
        fill(client, space)
    record.write_text(wanted)


main()
