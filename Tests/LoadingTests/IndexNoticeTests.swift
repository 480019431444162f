import Kernels
import ModelBundle
import Postgres
import Schema
import Synchronization
import TestSupport
import Testing

@testable import Loading

/// What pgvector says of an index that it has just built, and what becomes of it.
@Suite struct IndexNoticeTests {
    private func load(
        _ bundle: ModelBundle, _ options: Loader.Options,
        _ body: (Result<LoadOutcome, any Error>, [String], Connection) async throws -> Void
    ) async throws {
        try await TestServer.withDatabase { url in
            let connection = try await TestServer.connect(url)
            _ = try await Migrator(connection).migrate()
            let said = Mutex<[String]>([])
            let loader = Loader(connection, configuration: .init(url: url)) { event in
                if case .notice(let text) = event { said.withLock { $0.append(text) } }
            }
            let result: Result<LoadOutcome, any Error>
            do {
                result = .success(try await loader.load(bundle, options))
            } catch {
                result = .failure(error)
            }
            try await body(result, said.withLock(\.self), connection)
        }
    }

    private func lists(_ column: String, _ connection: Connection) async throws -> String {
        let definition = try await connection.query(
            "SELECT indexdef FROM pg_indexes WHERE indexname = 'item_vectors_g1_\(column)_idx'"
        ).text(0, 0)
        return String(definition.split(separator: "lists=")[1].filter(\.isNumber))
    }

    @Test(
        "an IVFFlat index with more lists than vectors, or than its memory holds, is refused before anything is written"
    )
    func tooManyLists() async throws {
        let bundle = try TrainedBundle.small()
        let vectors = bundle.items.count - bundle.coldItems.count
        let tooMany = Loader.Options(index: .ivfflat, ivfflatLists: vectors + 1)
        let tooLarge = Loader.Options(index: .ivfflat, ivfflatLists: vectors, indexMemoryMegabytes: 1)
        for (options, error) in [
            (tooMany, LoadingError.poorIndex(column: "embedding", lists: vectors + 1, vectors: vectors)),
            (tooLarge, .indexMemory(lists: vectors, needed: 3, given: 1)),
        ] {
            try await load(bundle, options) { result, _, connection async throws in
                #expect(throws: error) { try result.get() }
                let generations = try await connection.query("SELECT count(*) FROM kindred.generations")
                #expect(try generations.int64(0, 0) == 0)
            }
        }
        // As many megabytes as the error names are enough for the server.
        let enough = Loader.Options(index: .ivfflat, ivfflatLists: vectors, indexMemoryMegabytes: 3)
        try await load(bundle, enough) { result, said, _ async throws in
            #expect(throws: Never.self) { try result.get() }
            #expect(said.isEmpty, "\(said)")
        }
    }

    @Test("when the server finds too few vectors after all, the build is an error")
    func fewerThanThought() async throws {
        let bundle = try TrainedBundle.small()
        try await load(bundle, .init(index: .none)) { _, _, connection async throws in
            var plan = IndexPlan(kind: .ivfflat, rows: 10_000, dimensions: bundle.itemVectors.columns)
            plan.ivfflatLists = bundle.items.count + 1
            let column = IndexedColumn(name: "embedding", dimensions: bundle.itemVectors.columns, vectors: 10_000)
            let url = try await connection.query("SELECT current_database()::text").text(0, 0)
            let builder = IndexBuilder(
                connection, configuration: .init(url: try TestServer.url(database: url)), report: { _ in })
            await #expect(
                throws: LoadingError.poorIndex(column: "embedding", lists: bundle.items.count + 1, vectors: 10_000)
            ) {
                try await builder.build(plan, on: "kindred.item_vectors_g1", columns: [column])
            }
        }
    }

    @Test("rows without a vector count for no lists; a column without any gets an empty index, and that is said")
    func absentVectors() async throws {
        let bundle = try TrainedBundle.small()
        // Two movies have been rated, nothing is known of any movie's likes.
        let sparse = try bundle.keeping(recommendation: 2, similarity: 0)
        try await load(sparse, .init(index: .ivfflat)) { result, said, connection async throws in
            #expect(try result.get().isActive)
            #expect(said == ["similarity: no item has such a vector, so that its index is empty and finds nothing"])
            #expect(try await lists("embedding", connection) == "1")
            #expect(try await lists("similarity", connection) == "1")
        }
        let half = try bundle.keeping(recommendation: 120, similarity: 20)
        try await load(half, .init(index: .ivfflat)) { result, said, connection async throws in
            #expect(throws: Never.self) { try result.get() }
            #expect(said.isEmpty, "\(said)")
            #expect(try await lists("embedding", connection) == "5")
            #expect(try await lists("similarity", connection) == "2")
        }
        try await load(sparse, .init(index: .hnsw)) { result, said, _ async throws in
            #expect(throws: Never.self) { try result.get() }
            #expect(said.isEmpty, "\(said)")
        }
    }

    @Test("an HNSW graph that outgrows its memory is built all the same, with advice for each column")
    func outgrownMemory() async throws {
        let published = try await TrainedBundle.published()
        try await load(published.bundle, .init(index: .hnsw, indexMemoryMegabytes: 1)) {
            result, said, connection async throws in
            #expect(try result.get().isActive)
            #expect(said.count == 2, "\(said)")
            for (text, column) in zip(said, ["embedding", "similarity"]) {
                #expect(text.hasPrefix("\(column): the index is whole, but its building outgrew the 1 MB it was given"))
                #expect(text.contains("--index-memory-mb"))
            }
            let valid = try await connection.query(
                """
                SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'hnsw' AND i.indisvalid
                """)
            #expect(try valid.int64(0, 0) == 2)
        }
    }
}

extension ModelBundle {
    /// The same catalogue of which only the first so many items have vectors.
    fileprivate func keeping(recommendation: Int, similarity: Int) throws -> ModelBundle {
        var content = content
        content.itemVectors = content.itemVectors.keeping(rows: recommendation)
        content.similarity = content.similarity.keeping(rows: similarity)
        return try ModelBundle(
            name: "sparse \(recommendation) \(similarity)", dataset: manifest.dataset, geometry: manifest.geometry,
            content: content)
    }
}

extension FloatMatrix {
    fileprivate func keeping(rows kept: Int) -> FloatMatrix {
        FloatMatrix(rows: rows, columns: columns) { elements in
            for row in 0..<min(kept, rows) {
                for column in 0..<columns { elements[row * columns + column] = self[row, column] }
            }
        }
    }
}
