import Logging
import Postgres

/// The service's own client: the task that leased a connection drives it.
final class CallerDrivenClient: SearchClient {
    let name = "caller-driven"
    private let pool: Pool
    private let statement: Statement
    private let running: Task<Void, Never>

    /// Returns when all connections are open.
    ///
    /// - Throws: `PostgresError` when they cannot be opened.
    init(_ search: Search, connections: Int, queue: Int) async throws {
        statement = search.statement
        let pool = Pool(
            .init(
                connection: .init(url: search.url, sessionStatements: search.sessionStatements), size: connections,
                maximumWaiters: queue), logger: Logger(label: "engine-pools"))
        self.pool = pool
        running = Task { await pool.run() }
        while pool.status.open < connections {
            if let failure = pool.status.failure { throw PostgresError(.connection, failure) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    func close() { running.cancel() }

    func search(_ vector: [Float]) async throws -> [Int32] {
        do {
            return try await pool.withConnection { connection in
                let found = try await connection.query(statement, [.vector(vector)])
                return try (0..<found.rowCount).map { try found.int32($0, 0) }
            }
        } catch let error as PostgresError where error.code == .poolExhausted {
            throw Refused()
        }
    }
}
