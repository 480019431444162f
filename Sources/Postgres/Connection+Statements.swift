extension Connection {
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
