extension Connection {
    /// Runs a query and hands over its rows a batch at a time, for results that would not fit in memory twice.
    ///
    /// Only in a transaction, because it reads through a cursor.
    ///
    /// - Parameters:
    ///   - size: rows in a batch.
    ///   - body: called for each batch, in order, and at least once.
    package func batches(
        of size: Int, sql: String, _ parameters: [Parameter] = [], _ body: (QueryResult) throws -> Void
    ) async throws {
        // All rows are wanted; PostgreSQL would plan for the first tenth.
        try await execute("SET LOCAL cursor_tuple_fraction = 1")
        _ = try await query("DECLARE batches NO SCROLL CURSOR FOR \(sql)", parameters)
        var isLast = false
        while !isLast {
            let batch = try await query("FETCH FORWARD \(size) FROM batches")
            try body(batch)
            isLast = batch.rowCount < size
        }
        try await execute("CLOSE batches")
    }
}
