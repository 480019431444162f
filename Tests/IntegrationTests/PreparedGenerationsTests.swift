import Loading
import Logging
import Postgres
import Schema
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Retrieval

/// What a switch leaves on the connections of the pool.
@Suite struct PreparedGenerationsTests {
    @Test("after any number of switches every connection has the statements of the last two generations, and is warm")
    func statements() async throws {
        try await LoadedDatabase.with(try TrainedBundle.small(), index: .hnsw) { database in
            let connection = try await TestServer.connect(database.url)
            for (index, storage) in [(IndexKind.ivfflat, VectorStorage.vector), (.hnsw, .bit)] {
                _ = try await Loader(connection, configuration: .init(url: database.url)).load(
                    database.bundle, .init(index: index, storage: storage, activates: false))
            }
            try await withPool(database.url) { pool, current, logger in
                let change = GenerationSwitch(
                    current: current, metrics: GenerationMetrics(registry: Registry(), current: current),
                    logger: logger, budget: .seconds(60))
                let pointer = GenerationPointer(connection: connection, catalogue: "movies")
                for (former, next) in [(1, 2), (2, 3), (3, 1), (1, 3), (3, 2), (2, 1), (1, 2), (2, 3)] {
                    _ = try await Activation(connection).activate(next)
                    #expect(try await change.run(pointer) == .done)
                    for names in try await prepared(pool) + [try await prepared(connection)] {
                        let generations = Set(names.compactMap(CandidateQueries.generation(ofStatement:)))
                        #expect(generations.contains(next) && generations.isSubset(of: [former, next]), "\(names)")
                        // One for each space, of each of the two.
                        #expect(names.count <= 4, "\(names)")
                    }
                    // What a request asks is what was prepared.
                    let before = try await prepared(pool)
                    _ = try await current.retriever.answer(
                        .init(.similar, of: 1, count: 10), deadline: soon())
                    _ = try await current.retriever.answer(
                        .init(.recommendations, of: 1, count: 10), deadline: soon())
                    #expect(try await prepared(pool) == before)
                }
                #expect(try await change.run(pointer) == .pointerMovedOn, "there is nothing to change")
            }
        }
    }

    private func prepared(_ connection: Connection) async throws -> Set<String> {
        let result = try await connection.query("SELECT name FROM pg_prepared_statements WHERE name <> ''")
        return Set(try (0..<result.rowCount).map { try result.text($0, 0) })
    }

    /// In the order of the servers' processes.
    private func prepared(_ pool: Pool) async throws -> [Set<String>] {
        let found = Mutex<[Int32: Set<String>]>([:])
        let count = try await pool.withEachConnection(until: .now + .seconds(60)) { connection in
            let process = try await connection.query("SELECT pg_backend_pid()").int32(0, 0)
            let names = try await prepared(connection)
            found.withLock { $0[process] = names }
        }
        #expect(count == 2)
        return found.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
    }

    private func withPool(
        _ url: String, _ body: (Pool, CurrentRetriever, Logger) async throws -> Void
    ) async throws {
        let snapshot = try await SnapshotReader(try await TestServer.connect(url)).read(catalogue: "movies")
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let settings = SearchSettings()
        let pool = Pool(
            .init(connection: .init(url: url, sessionStatements: settings.sessionStatements), size: 2), logger: logger)
        let running = Task { await pool.run() }
        defer { running.cancel() }
        while pool.status.open < 2 { try await Task.sleep(for: .milliseconds(10)) }
        let retriever = Retriever(
            snapshot: snapshot, pool: pool, settings: settings, metrics: RetrievalMetrics(registry: Registry()),
            logger: logger)
        try await body(pool, CurrentRetriever(retriever), logger)
    }
}
