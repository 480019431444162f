extension Pool {
    /// Runs `body` once on each connection that is open, and returns on how many.
    ///
    /// A connection that was visited is held until all were, because only so is the next one another; requests queue
    /// meanwhile, so `body` must be short.
    ///
    /// - Parameter deadline: connections that are not free by then are left out.
    /// - Throws: what `body` throws, or `PostgresError` with code `cancelled`.
    package func withEachConnection(
        until deadline: ContinuousClock.Instant, _ body: (Connection) async throws -> Void
    ) async throws -> Int {
        try await visit(after: 0, until: deadline, body)
    }

    /// - Parameter held: connections visited and not yet given back.
    private func visit(
        after held: Int, until deadline: ContinuousClock.Instant, _ body: (Connection) async throws -> Void
    ) async throws -> Int {
        // Asked each time: one may have been lost since, and nobody would ever hand it out.
        guard held < status.open, .now < deadline else { return held }
        var isLent = false
        do {
            return try await withConnection(deadline: deadline) { connection in
                isLent = true
                try await body(connection)
                return try await visit(after: held + 1, until: deadline, body)
            }
        } catch let error as PostgresError where !isLent && error.code != .cancelled {
            return held
        }
    }
}
