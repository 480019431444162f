import Kernels
import ModelBundle
import Postgres
import Schema
import Synchronization
import TestSupport
import Testing

@testable import Loading

@Suite struct LoaderTests {
    private func withMigrated<Result>(_ body: (String, Connection) async throws -> Result) async throws -> Result {
        try await TestServer.withDatabase { url in
            let connection = try await TestServer.connect(url)
            _ = try await Migrator(connection).migrate()
            return try await body(url, connection)
        }
    }

    private func load(
        _ bundle: ModelBundle, _ url: String, _ options: Loader.Options = .init(),
        report: @escaping @Sendable (LoadEvent) async throws -> Void = { _ in }
    ) async throws -> LoadOutcome {
        let connection = try await TestServer.connect(url)
        return try await Loader(connection, configuration: .init(url: url), report: report).load(bundle, options)
    }

    private func count(_ sql: String, _ connection: Connection) async throws -> Int {
        Int(try await connection.query(sql).int64(0, 0))
    }

    /// Tables that belong to a generation, with what they cost if they are left behind.
    private func vectorTables(_ connection: Connection) async throws -> Int {
        try await count(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'kindred' AND tablename ~ '_g[0-9]+$'", connection)
    }

    @Test("a load brings every row over, and the current views show it")
    func contents() async throws {
        let bundle = try TrainedBundle.small()
        try await withMigrated { url, connection in
            let outcome = try await load(bundle, url)
            #expect(outcome == LoadOutcome(generation: 1, wasLoaded: false, isActive: true))
            #expect(try await count("SELECT count(*) FROM kindred.movies", connection) == bundle.items.count)
            #expect(try await count("SELECT count(*) FROM kindred.users", connection) == bundle.users.count)
            #expect(try await count("SELECT count(*) FROM kindred.ratings", connection) == bundle.interactions.count)
            #expect(try await count("SELECT count(*) FROM kindred.movies_current", connection) == bundle.items.count)
            #expect(try await count("SELECT count(*) FROM kindred.users_current", connection) == bundle.users.count)
            #expect(
                try await count("SELECT count(*) FROM kindred.movies WHERE release_date IS NULL", connection)
                    == bundle.items.count { $0.released == nil })
            #expect(
                try await count("SELECT count(*) FROM kindred.movies_current WHERE embedding IS NULL", connection)
                    == bundle.coldItems.count)
            let dates = try await connection.query("SELECT movie_id, release_date::text FROM kindred.movies ORDER BY 1")
            for (row, item) in bundle.items.enumerated() {
                #expect(try dates.int32(row, 0) == item.id)
                #expect(try dates.textIfPresent(row, 1) == item.released)
            }
        }
    }

    @Test("the vectors in the database are the bundle's, bit for bit")
    func vectors() async throws {
        let bundle = try TrainedBundle.small()
        try await withMigrated { url, connection in
            _ = try await load(bundle, url)
            let result = try await connection.query(
                "SELECT similarity FROM kindred.item_vectors_g1 ORDER BY item_id")
            let isQuestion = bundle.hasSimilarityVector
            for row in bundle.items.indices where isQuestion[row] {
                let stored = try result.withBytes(row, 0) { try VectorCodec.decode($0) }
                #expect(stored.map(\.bitPattern) == bundle.similarity[row].map(\.bitPattern))
            }
        }
    }

    @Test("loading the same bundle again writes nothing and says so; another index is another generation")
    func again() async throws {
        let bundle = try TrainedBundle.small()
        try await withMigrated { url, connection in
            _ = try await load(bundle, url)
            let again = try await load(bundle, url)
            #expect(again == LoadOutcome(generation: 1, wasLoaded: true, isActive: true))
            #expect(try await count("SELECT count(*) FROM kindred.generations", connection) == 1)
            let ivfflat = try await load(bundle, url, .init(index: .ivfflat, activates: false))
            #expect(ivfflat == LoadOutcome(generation: 2, wasLoaded: false, isActive: false))
            let active = try await connection.query("SELECT active_generation FROM kindred.catalogues")
            #expect(try active.int32(0, 0) == 1)
        }
    }

    @Test("an activation that comes later makes a ready generation the active one")
    func laterActivation() async throws {
        let bundle = try TrainedBundle.small()
        try await withMigrated { url, connection in
            _ = try await load(bundle, url, .init(activates: false))
            #expect(try await count("SELECT count(*) FROM kindred.movies_current", connection) == 0)
            #expect(try await load(bundle, url) == LoadOutcome(generation: 1, wasLoaded: true, isActive: true))
            #expect(try await count("SELECT count(*) FROM kindred.movies_current", connection) == bundle.items.count)
        }
    }

    @Test("a loader that dies after any step leaves the active generation serving, and the next load cleans up")
    func crash() async throws {
        let (first, second) = (try TrainedBundle.small(seed: 1), try TrainedBundle.small(seed: 1).renamed("second"))
        try await withMigrated { url, connection in
            _ = try await load(first, url)
            let tables = try await vectorTables(connection)
            // How many steps a load of this bundle reports.
            let steps = try await steps(of: second, inANewDatabaseWith: first)
            #expect(steps >= 9)
            for step in 0..<steps {
                let dying = try await TestServer.connect(url)
                let pid = try await dying.query("SELECT pg_backend_pid()").int32(0, 0)
                let reported = Atomic<Int>(0)
                let died = await #expect(throws: (any Error).self, "step \(step)") {
                    try await Loader(dying, configuration: .init(url: url)) { event in
                        if case .progress = event { return }
                        guard reported.add(1, ordering: .relaxed).oldValue == step else { return }
                        // The server ends the session: to the database, this is a process that was killed.
                        try await TestServer.administer("SELECT pg_terminate_backend(\(pid), 5000)")
                        throw Killed()
                    }.load(second, .init(activates: true))
                }
                #expect(died != nil)
                // Whatever was reached, exactly one generation serves, whole.
                #expect(
                    try await count("SELECT count(*) FROM kindred.movies_current", connection) == first.items.count)
                #expect(
                    try await count("SELECT count(*) FROM kindred.generations WHERE state = 'active'", connection) == 1)
            }
            let outcome = try await load(second, url)
            #expect(outcome.isActive)
            #expect(
                try await count("SELECT count(*) FROM kindred.generations WHERE state = 'loading'", connection) == 0)
            // Tables only of generations that can serve: the first, and those of the second that became ready.
            let able = try await count(
                "SELECT count(*) FROM kindred.generations WHERE state IN ('ready', 'active', 'retired')", connection)
            #expect(try await vectorTables(connection) == able * tables)
        }
    }

    private struct Killed: Error {}

    private func steps(of bundle: ModelBundle, inANewDatabaseWith first: ModelBundle) async throws -> Int {
        try await withMigrated { url, _ in
            _ = try await load(first, url)
            let reported = Counter()
            _ = try await load(bundle, url) { event in
                if case .progress = event { return }
                reported.increment()
            }
            return reported.value
        }
    }

    @Test("a bundle of another data set is refused by the catalogue it would overwrite")
    func otherDataset() async throws {
        let bundle = try TrainedBundle.small()
        try await withMigrated { url, connection in
            try await connection.execute(
                "INSERT INTO kindred.catalogues (name, dataset) VALUES ('movies', 'movielens-1b')")
            await #expect(
                throws: LoadingError.otherDataset(
                    catalogue: "movies", holds: "movielens-1b", bundle: bundle.manifest.dataset.name)
            ) { try await load(bundle, url) }
        }
    }

    @Test("loading before migrating is refused with what to do")
    func unmigrated() async throws {
        let bundle = try TrainedBundle.small()
        try await TestServer.withDatabase { url in
            await #expect(throws: LoadingError.schemaMissing) { try await load(bundle, url) }
        }
    }

    @Test("rolling back returns step by step to what was active before")
    func rollback() async throws {
        let bundle = try TrainedBundle.small()
        try await withMigrated { url, connection in
            for name in ["one", "two", "three"] { _ = try await load(try bundle.renamed(name), url) }
            let activation = Activation(connection)
            #expect(try await activation.rollBack(catalogue: "movies") == (from: 3, to: 2))
            #expect(try await activation.rollBack(catalogue: "movies") == (from: 2, to: 1))
            await #expect(throws: LoadingError.nothingToRollBack(catalogue: "movies")) {
                try await activation.rollBack(catalogue: "movies")
            }
            let shown = try await connection.query("SELECT DISTINCT generation FROM kindred.movies_current")
            #expect(try shown.int32(0, 0) == 1)
        }
    }

    @Test("an unknown or failed generation cannot be activated")
    func badActivation() async throws {
        try await withMigrated { url, connection in
            await #expect(throws: LoadingError.noGeneration(7)) { try await Activation(connection).activate(7) }
            _ = try await load(try TrainedBundle.small(), url, .init(activates: false))
            try await connection.execute("UPDATE kindred.generations SET state = 'failed'")
            await #expect { try await Activation(connection).activate(1) } throws: { error in
                if case LoadingError.notActivatable(1, _) = error { true } else { false }
            }
        }
    }

    @Test("a long query on the views delays the activation, and no other reader")
    func longQuery() async throws {
        let bundle = try TrainedBundle.small()
        try await withMigrated { url, connection in
            _ = try await load(bundle, url)
            let reader = try await TestServer.connect(url)
            try await reader.execute("BEGIN; SELECT count(*) FROM kindred.movies_current")
            _ = try await load(try bundle.renamed("two"), url, .init(activates: false))
            let waited = Counter()
            let activation = Task {
                let operation = try await TestServer.connect(url)
                return try await Activation(operation, report: { _ in waited.increment() }).activate(2)
            }
            while waited.value == 0 { try await Task.sleep(for: .milliseconds(20)) }
            // While it waits, anyone else reads; a lock that queued for long would stop them.
            let other = try await TestServer.connect(url, session: ["SET statement_timeout = 5000"])
            for _ in 0..<5 {
                #expect(try await count("SELECT count(*) FROM kindred.movies_current", other) == bundle.items.count)
            }
            try await reader.execute("COMMIT")
            #expect(try await activation.value == 1)
        }
    }

    @Test("the storage is the index's, is recorded, and makes another generation; the tables keep single precision")
    func storage() async throws {
        let bundle = try TrainedBundle.small()
        try await withMigrated { url, connection in
            for (position, storage) in VectorStorage.allCases.enumerated() {
                let outcome = try await load(bundle, url, .init(storage: storage))
                #expect(outcome == LoadOutcome(generation: position + 1, wasLoaded: false, isActive: true))
                #expect(try await load(bundle, url, .init(storage: storage)).wasLoaded)
                let recorded = try await connection.query(
                    "SELECT storage FROM kindred.generations WHERE id = $1", [.int32(Int32(position + 1))])
                #expect(try recorded.text(0, 0) == storage.rawValue)
                let indexes = try await connection.query(
                    "SELECT string_agg(indexdef, ' ') FROM pg_indexes WHERE tablename = $1",
                    [.text("item_vectors_g\(position + 1)")])
                let text = try indexes.text(0, 0)
                #expect(text.contains("halfvec_l2_ops") == (storage == .halfvec))
                #expect(text.contains("bit_hamming_ops") == (storage == .bit))
                #expect(text.contains("vector_l2_ops") == (storage == .vector))
                if storage == .bit {
                    let codes = try await count(
                        "SELECT count(*) FROM kindred.item_vectors_g\(position + 1) WHERE length(embedding_code) = 64",
                        connection)
                    #expect(codes == bundle.items.count - bundle.coldItems.count)
                }
            }
            let types = try await count(
                """
                SELECT count(DISTINCT format_type(a.atttypid, a.atttypmod)) FROM pg_attribute a
                JOIN pg_class c ON c.oid = a.attrelid
                WHERE a.attname = 'embedding' AND c.relkind = 'r' AND c.relname ~ '^item_vectors_g[0-9]'
                """, connection)
            #expect(types == 1)
        }
    }
}

/// Counts from any thread.
private final class Counter: Sendable {
    private let number = Atomic<Int>(0)
    var value: Int { number.load(ordering: .relaxed) }
    func increment() { number.add(1, ordering: .relaxed) }
}

extension ModelBundle {
    /// The same content under another name, hence another hash.
    fileprivate func renamed(_ name: String) throws -> ModelBundle {
        try ModelBundle(
            name: name, dataset: manifest.dataset, geometry: manifest.geometry, content: content)
    }
}
