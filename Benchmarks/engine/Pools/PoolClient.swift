import Logging
import Postgres

/// The service's pool, asked in either of its ways.
final class PoolClient: SearchClient {
    enum Way: String {
        /// The task that leased a connection sends and reads.
        case callerDriven = "caller-driven"
        /// Whoever frees a connection sends the next statement, and the poller's thread reads: what the service does.
        case dispatched
    }

    let name: String
    private let way: Way
    private let pool: Pool
    private let statement: Statement
    private let running: Task<Void, Never>

    /// Returns when all connections are open.
    ///
    /// - Throws: `PostgresError` when they cannot be opened.
    init(_ way: Way, _ search: Search, connections: Int, queue: Int) async throws {
        self.way = way
        name = way.rawValue
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
            let found =
                switch way {
                case .callerDriven:
                    try await pool.withConnection { try await $0.query(statement, [.vector(vector)]) }
                case .dispatched: try await pool.query(statement, [.vector(vector)]).result
                }
            return try (0..<found.rowCount).map { try found.int32($0, 0) }
        } catch let error as PostgresError where error.code == .poolExhausted {
            throw Refused()
        }
    }
}
