import Kernels
import Postgres

extension Retriever {
    /// PostgreSQL settles on a prepared statement's plan after five executions.
    private static let executions = 6
    private static let count = 10
    /// A server that is silent for longer must not keep the pool's connections.
    private static let patience = Duration.seconds(5)

    /// Runs what requests will run most, so that the index is in the database's cache and the plans are made, and forgets
    /// the statements of generations before `former`.
    ///
    /// - Parameter deadline: nil where it may take as long as an index that is on disk does.
    func warm(
        _ connection: Connection, replacing former: Retriever, deadline: ContinuousClock.Instant? = nil
    ) async throws {
        for question in warmUp {
            _ = try await connection.query(
                question.statement, question.parameters, settings: question.settings, deadline: deadline)
        }
        try await forgetGenerations(on: connection, before: former, deadline: deadline)
    }

    /// The same on every connection of the pool that is free in time; the others prepare as requests come.
    ///
    /// - Returns: how many connections were warmed.
    func warmPool(replacing former: Retriever, until deadline: ContinuousClock.Instant) async throws -> Int {
        // What is left of the time is for forgetting, which is short, on those that are not warmed.
        let lastStart = ContinuousClock.now + ContinuousClock.now.duration(to: deadline) / 2
        let end = deadline + Self.patience
        var warmed = 0
        _ = try await pool.withEachConnection(until: deadline) { connection in
            if .now < lastStart {
                try await warm(connection, replacing: former, deadline: end)
                warmed += 1
            } else {
                try await forgetGenerations(on: connection, before: former, deadline: end)
            }
        }
        return warmed
    }

    private func forgetGenerations(
        on connection: Connection, before former: Retriever, deadline: ContinuousClock.Instant?
    ) async throws {
        let kept = [former.snapshot.generation.id, snapshot.generation.id]
        try await connection.deallocate(deadline: deadline) { name in
            CandidateQueries.generation(ofStatement: name).map { !kept.contains($0) } ?? false
        }
    }

    /// The nearest of the most popular items, and recommendations for users with a history.
    private var warmUp: [Question] {
        let snapshot = snapshot
        let items = snapshot.popular.lazy.filter { !snapshot.similarities.absent.contains($0) }
        let users = (0..<Int32(snapshot.userCount)).lazy.filter {
            !snapshot.userVectors.absent.contains($0) && !snapshot.seen[$0].isEmpty
        }
        let searches =
            items.prefix(Self.executions).map { snapshot.search(.similar, row: $0, .init()) }
            + users.prefix(Self.executions).map { snapshot.search(.recommendations, row: $0, .init()) }
        return searches.compactMap { outcome in
            guard case .search(let search) = outcome else { return nil }
            return question(search, count: Self.count)
        }
    }
}
