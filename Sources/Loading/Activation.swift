package import Postgres

/// Moves a catalogue's pointer to a generation, forwards or backwards.
package struct Activation {
    /// How long one attempt may queue for the views' lock. While it queues, new readers queue behind it, so it
    /// is short and tried again: a long query delays the switch, not the other way round.
    private static let lockTimeoutMilliseconds = 200
    private static let pause = Duration.milliseconds(300)
    /// 55P03 `lock_not_available`.
    private static let lockNotAvailable = "55P03"

    private let connection: Connection
    private let patience: Duration
    private let report: (String) -> Void

    package init(
        _ connection: Connection, patience: Duration = .seconds(120), report: @escaping (String) -> Void = { _ in }
    ) {
        self.connection = connection
        self.patience = patience
        self.report = report
    }

    /// Makes the generation active and returns the one it replaced; returns itself when it was active.
    package func activate(_ generation: Int) async throws -> Int? {
        let end = ContinuousClock.now + patience
        var hasReported = false
        while true {
            do {
                return try await attempt(generation)
            } catch let error as PostgresError where error.sqlState == Self.lockNotAvailable {
                guard ContinuousClock.now < end else {
                    throw LoadingError.activationBlocked(seconds: Int(patience.components.seconds))
                }
                if !hasReported { report("a query holds the current views; waiting for it to end") }
                hasReported = true
                try await Task.sleep(for: Self.pause)
            } catch let error as PostgresError where error.sqlState == "P0002" {
                throw LoadingError.noGeneration(generation)
            } catch let error as PostgresError where error.sqlState == "55000" {
                throw LoadingError.notActivatable(generation, reason: error.message)
            }
        }
    }

    /// Activates what the active generation replaced when it was first activated, so that repeated rollbacks go
    /// further back instead of to and fro.
    package func rollBack(catalogue: String) async throws -> (from: Int, to: Int) {
        let result = try await connection.query(
            """
            SELECT c.active_generation, g.id
            FROM kindred.catalogues c
            JOIN kindred.generations g ON g.state = 'retired' AND g.id = (
                SELECT a.replaced FROM kindred.activations a
                WHERE a.catalogue_id = c.id AND a.generation_id = c.active_generation ORDER BY a.id LIMIT 1)
            WHERE c.name = $1
            """, [.text(catalogue)])
        guard result.rowCount == 1 else { throw LoadingError.nothingToRollBack(catalogue: catalogue) }
        let (from, to) = (Int(try result.int32(0, 0)), Int(try result.int32(0, 1)))
        _ = try await activate(to)
        return (from, to)
    }

    private func attempt(_ generation: Int) async throws -> Int? {
        try await connection.transaction {
            try await connection.execute("SET LOCAL lock_timeout = \(Self.lockTimeoutMilliseconds)")
            let result = try await connection.query(
                "SELECT kindred.activate_generation($1)", [.int32(Int32(generation))])
            return result.isNull(0, 0) ? nil : Int(try result.int32(0, 0))
        }
    }
}
