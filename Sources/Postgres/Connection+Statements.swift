import CPostgres

extension Connection {
    /// 42P05 `duplicate_prepared_statement`.
    private static let duplicateStatement = "42P05"

    /// Prepares a statement where this connection has not yet. Running it does so by itself: this is for asking about it.
    ///
    /// - Parameter parameters: any of the types it will be run with.
    package func prepare(
        _ statement: Statement, _ parameters: [Parameter], deadline: ContinuousClock.Instant? = nil
    ) async throws {
        guard !prepared.contains(statement.name) else { return }
        let types = parameters.map(\.oid)
        try check(PQsendPrepare(handle, statement.name, statement.sql, Int32(types.count), types))
        do {
            _ = try await readResults(until: deadline)
        } catch let error as PostgresError where error.sqlState == Self.duplicateStatement {
            // An attempt that was left at its deadline had reached the server all the same.
        }
        prepared.insert(statement.name)
    }

    /// Forgets prepared statements, here and on the server; one that is wanted again is prepared again.
    ///
    /// - Parameter isObsolete: whether the statement of this name is to go.
    package func deallocate(
        deadline: ContinuousClock.Instant? = nil, where isObsolete: (String) -> Bool
    ) async throws {
        for name in prepared.filter(isObsolete) {
            try await execute("DEALLOCATE \"\(name)\"", deadline: deadline)
            prepared.remove(name)
        }
    }
}
