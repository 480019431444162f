"""Fills Milvus Lite with the active generation: one collection per vector column."""

import asyncio
import os
import shutil
from pathlib import Path

from pymilvus import DataType, MilvusClient

from edge.catalogue import read_catalogue

#: As Kindred builds its index.
INDEX = {"M": 16, "efConstruction": 128}


def fill(client, space):
    schema = MilvusClient.create_schema(auto_id=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=space.matrix.shape[1])
    index = client.prepare_index_params()
    index.add_index("vector", index_type="HNSW", metric_type="L2", params=INDEX)
    client.create_collection(space.name, schema=schema, index_params=index)
    client.insert(space.name, [
        {"id": int(space.ids[row]), "vector": space.matrix[row].tolist()}
        for row in range(len(space.ids)) if space.present[row]])
    client.flush(space.name)


def main():
    state = Path(os.environ["PEER_STATE"])
    catalogue = asyncio.run(read_catalogue(os.environ["DATABASE_URL"]))
    wanted = f"{catalogue.content_hash} {INDEX}"
    record = state / "prepared"
    if record.exists() and record.read_text() == wanted:
        return
    record.unlink(missing_ok=True)
    shutil.rmtree(state / "milvus.db", ignore_errors=True)
    client = MilvusClient(str(state / "milvus.db"))
    for space in (catalogue.similarity, catalogue.embedding):
        fill(client, space)
    client.close()
    record.write_text(wanted)


main()
