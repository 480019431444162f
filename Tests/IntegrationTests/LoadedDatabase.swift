import Loading
import Logging
import ModelBundle
import Postgres
import Retrieval
import Schema
import Telemetry
import TestSupport

/// A database with one active generation, and what a test asks it with.
struct LoadedDatabase: Sendable {
    let url: String
    let bundle: ModelBundle

    static func with<Result: Sendable>(
        _ bundle: ModelBundle, index: IndexKind = .hnsw, storage: VectorStorage = .vector,
        _ body: @Sendable (LoadedDatabase) async throws -> Result
    ) async throws -> Result {
        try await TestServer.withDatabase { url in
            try await load(bundle, into: url, index: index, storage: storage)
            return try await body(LoadedDatabase(url: url, bundle: bundle))
        }
    }

    static func load(
        _ bundle: ModelBundle, into url: String, index: IndexKind = .hnsw, storage: VectorStorage = .vector
    ) async throws {
        let connection = try await TestServer.connect(url)
        _ = try await Migrator(connection).migrate()
        _ = try await Loader(connection, configuration: .init(url: url)).load(
            bundle, .init(index: index, storage: storage))
    }

    /// Runs `body` with a retriever on one connection, prepared as the service does it, then with `session`.
    func withRetriever<Result: Sendable>(
        session: [String] = [], settings: SearchSettings = .init(),
        _ body: (Retriever, Pool) async throws -> Result
    ) async throws -> Result {
        let snapshot = try await SnapshotReader(try await TestServer.connect(url)).read(catalogue: "movies")
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let statements = settings.sessionStatements + session
        let pool = Pool(.init(connection: .init(url: url, sessionStatements: statements), size: 1), logger: logger)
        let running = Task { await pool.run() }
        defer { running.cancel() }
        let retriever = Retriever(
            snapshot: snapshot, pool: pool, settings: settings, metrics: RetrievalMetrics(registry: Registry()),
            logger: logger)
        return try await body(retriever, pool)
    }
}

extension Pool {
    /// The plan of the prepared statement that ran last on this one-connection pool, as text.
    func planOfPreparedStatement(_ parameters: String) async throws -> String {
        try await withConnection { connection in
            let name = try await connection.query(
                "SELECT name FROM pg_prepared_statements WHERE name LIKE '%\\_g1\\_%' ORDER BY prepare_time DESC LIMIT 1"
            ).text(0, 0)
            let result = try await connection.query("EXPLAIN (COSTS OFF) EXECUTE \"\(name)\" (\(parameters))")
            return try (0..<result.rowCount).map { try result.text($0, 0) }.joined(separator: "\n")
        }
    }
}

/// A deadline that no healthy answer meets by accident.
func soon() -> ContinuousClock.Instant { .now + .seconds(30) }
