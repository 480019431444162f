"""COPY of the item vectors by the loader, beside psql's of the same rows into a table of the same shape."""

import statistics

from comparison.failure import Failure

ROUNDS = 3


def measure(database, service, arguments):
    ours, theirs = [], []
    file = arguments.home / "vectors.copy"
    for _ in range(ROUNDS):
        # What an earlier run that was interrupted has left would be taken for loaded.
        for row in database.rows("SELECT id FROM kindred.generations WHERE index_kind = 'none' AND state = 'ready'"):
            database.forget(row[0])
        mark = database.mark()
        generation = database.load("vector", "--index", "none")
        table = database.table(generation)
        found = database.durations(mark, rf"^COPY {table} ")
        if len(found) != 1:
            raise Failure("the loader's COPY is not in the server's log")
        ours += found
        if not file.exists():
            database.psql("-c", f"\\copy {table} to '{file}' with (format binary)")
        mark = database.mark()
        # In the transaction that created the table, as the loader does: neither is logged for replication.
        database.psql(sql=f"BEGIN;\nCREATE TABLE kindred.by_psql (LIKE {table});\n"
                          f"\\copy kindred.by_psql from '{file}' with (format binary)\nCOMMIT;\n")
        theirs += database.durations(mark, r"^COPY\s+kindred\.by_psql ")
        database.rows("DROP TABLE kindred.by_psql")
        database.forget(generation)
    file.unlink()
    if len(theirs) != ROUNDS:
        raise Failure("psql's COPY is not in the server's log")
    return {"kindred_seconds": statistics.median(ours), "psql_seconds": statistics.median(theirs),
            "kindred_all": ours, "psql_all": theirs}
