import Foundation
import Kernels
package import ModelBundle
package import Postgres
package import Schema

/// Turns a bundle into a generation: rows by binary COPY in one transaction, indexes after, then the pointer.
///
/// Killed at any point it leaves at most a generation in state `loading`, which serves nobody and which the next
/// load removes. Loads of one database run one at a time.
package struct Loader {
    package struct Options: Sendable {
        package var catalogue: String
        package var index: IndexKind
        /// In what type the index holds the vectors; without an index they are only in the table.
        package var storage: VectorStorage
        package var activates: Bool
        package var hnswLinks: Int?
        package var hnswConstruction: Int?
        package var ivfflatLists: Int?
        /// Memory for building an index; nil for what the rows need.
        package var indexMemoryMegabytes: Int?

        package init(
            catalogue: String = "movies", index: IndexKind = .hnsw, storage: VectorStorage = .vector,
            activates: Bool = true, hnswLinks: Int? = nil,
            hnswConstruction: Int? = nil, ivfflatLists: Int? = nil, indexMemoryMegabytes: Int? = nil
        ) {
            self.catalogue = catalogue
            self.index = index
            self.storage = storage
            self.activates = activates
            self.hnswLinks = hnswLinks
            self.hnswConstruction = hnswConstruction
            self.ivfflatLists = ivfflatLists
            self.indexMemoryMegabytes = indexMemoryMegabytes
        }
    }

    private static let lock: Int64 = 0x6b69_6e64_7265_6402

    private let connection: Connection
    private let configuration: ConnectionConfiguration
    private let report: @Sendable (LoadEvent) async throws -> Void

    /// - Parameters:
    ///   - configuration: for the second connection that watches an index being built.
    ///   - report: called after every step; what it throws stops the load.
    package init(
        _ connection: Connection, configuration: ConnectionConfiguration,
        report: @escaping @Sendable (LoadEvent) async throws -> Void = { _ in }
    ) {
        self.connection = connection
        self.configuration = configuration
        self.report = report
    }

    package func load(_ bundle: ModelBundle, _ options: Options = Options()) async throws -> LoadOutcome {
        try await Migrator(connection).verify()
        if try await !connection.query("SELECT pg_try_advisory_lock($1)", [.int64(Self.lock)]).bool(0, 0) {
            try await report(.waiting("another load is running"))
            _ = try await connection.query("SELECT pg_advisory_lock($1)::text", [.int64(Self.lock)])
        }
        try await report(.locked)
        do {
            let outcome = try await loadLocked(bundle, options)
            try await unlock()
            return outcome
        } catch {
            // A broken connection has let go of the lock already.
            if connection.isIdle { try? await unlock() }
            throw error
        }
    }

    private func unlock() async throws {
        _ = try await connection.query("SELECT pg_advisory_unlock($1)::text", [.int64(Self.lock)])
    }

    private func loadLocked(_ bundle: ModelBundle, _ options: Options) async throws -> LoadOutcome {
        let cleaned = try await removeAbandoned()
        if !cleaned.isEmpty { try await report(.cleanedUp(generations: cleaned)) }

        let plan = indexPlan(bundle, options)
        try plan.check(bundle.indexedColumns)
        if let existing = try await existing(bundle, plan, options.catalogue) {
            // It may have been loaded before heads were kept.
            if try await RatingHeadTable(connection).write(bundle, generation: existing.generation) {
                try await report(.notice("generation \(existing.generation) had no rating head and has it now"))
            }
            if options.activates, !existing.isActive { try await activate(existing.generation) }
            return LoadOutcome(
                generation: existing.generation, wasLoaded: true, isActive: existing.isActive || options.activates)
        }
        let catalogueID = try await claimCatalogue(options.catalogue, dataset: bundle.manifest.dataset.name)
        let generation = try await register(bundle, plan, catalogueID)
        try await report(.registered(generation: generation))
        do {
            try await fill(generation, bundle, options.storage, catalogueID)
            try await buildIndexes(generation, plan, bundle)
            try await setReady(generation)
        } catch {
            if connection.isIdle { try? await fail(generation, "\(error)") }
            throw error
        }
        try await report(.ready)
        if options.activates { try await activate(generation) }
        return LoadOutcome(generation: generation, wasLoaded: false, isActive: options.activates)
    }

    // MARK: Generation rows

    /// Holding the lock means that no other loader lives: whatever is `loading` was abandoned.
    private func removeAbandoned() async throws -> [Int] {
        let result = try await connection.query(
            "SELECT id FROM kindred.generations WHERE state = 'loading' ORDER BY id")
        let abandoned = try (0..<result.rowCount).map { Int(try result.int32($0, 0)) }
        for generation in abandoned { try await fail(generation, "its loader stopped before it was done") }
        return abandoned
    }

    private func fail(_ generation: Int, _ reason: String) async throws {
        try await connection.transaction {
            for table in VectorTables(generation: generation).names {
                let exists = try await connection.query("SELECT to_regclass($1) IS NOT NULL", [.text(table)])
                if try exists.bool(0, 0) { try await connection.execute("DROP TABLE \(table)") }
            }
            try await RatingHeadTable(connection).remove(generation: generation)
            _ = try await connection.query(
                "UPDATE kindred.generations SET state = 'failed', failure = $2 WHERE id = $1",
                [.int32(Int32(generation)), .text(reason)])
        }
    }

    private func existing(
        _ bundle: ModelBundle, _ plan: IndexPlan, _ catalogue: String
    ) async throws -> (generation: Int, isActive: Bool)? {
        let result = try await connection.query(
            """
            SELECT g.id, g.state = 'active' FROM kindred.generations g
            JOIN kindred.catalogues c ON c.id = g.catalogue_id
            WHERE g.content_hash = $1 AND g.index_kind = $2 AND g.index_options = $3::text::jsonb AND c.name = $4
              AND g.storage = $5
              AND g.state IN ('ready', 'active', 'retired')
            ORDER BY g.state = 'active' DESC, g.id DESC LIMIT 1
            """,
            [
                .text(bundle.manifest.contentHash), .text(plan.kind.rawValue), .text(try json(plan.options)),
                .text(catalogue), .text(plan.storage.rawValue),
            ])
        guard result.rowCount == 1 else { return nil }
        return (Int(try result.int32(0, 0)), try result.bool(0, 1))
    }

    /// Finds or makes the catalogue; two data sets never share one, because their ids mean different things.
    private func claimCatalogue(_ name: String, dataset: String) async throws -> Int32 {
        let found = try await connection.query(
            "SELECT id, dataset FROM kindred.catalogues WHERE name = $1", [.text(name)])
        guard found.rowCount == 1 else {
            return try await connection.query(
                "INSERT INTO kindred.catalogues (name, dataset) VALUES ($1, $2) RETURNING id",
                [.text(name), .text(dataset)]
            ).int32(0, 0)
        }
        let holds = try found.text(0, 1)
        guard holds == dataset else {
            throw LoadingError.otherDataset(catalogue: name, holds: holds, bundle: dataset)
        }
        return try found.int32(0, 0)
    }

    private func register(_ bundle: ModelBundle, _ plan: IndexPlan, _ catalogueID: Int32) async throws -> Int {
        let manifest = bundle.manifest
        let result = try await connection.query(
            """
            INSERT INTO kindred.generations (
                catalogue_id, model, version, content_hash, state, dimensions, similarity_dimensions, storage,
                index_kind, index_options, geometry, manifest, git_revision, created_at)
            VALUES ($1, $2, $3, $4, 'loading', $5, $6, $13, $7, $8::text::jsonb, $9::text::jsonb,
                $10::text::jsonb, $11, to_timestamp($12))
            RETURNING id
            """,
            [
                .int32(catalogueID), .text(manifest.name), .text(manifest.version), .text(manifest.contentHash),
                .int32(Int32(bundle.itemVectors.columns)), .int32(Int32(bundle.similarity.columns)),
                .text(plan.kind.rawValue), .text(try json(plan.options)), .text(try json(manifest.geometry)),
                .text(try json(manifest)), manifest.gitRevision.map { .text($0) } ?? .null,
                .double(manifest.created.timeIntervalSince1970), .text(plan.storage.rawValue),
            ])
        return Int(try result.int32(0, 0))
    }

    private func setReady(_ generation: Int) async throws {
        _ = try await connection.query(
            "UPDATE kindred.generations SET state = 'ready' WHERE id = $1", [.int32(Int32(generation))])
    }

    private func activate(_ generation: Int) async throws {
        var waited: String?
        let replaced = try await Activation(connection) { waited = $0 }.activate(generation)
        if let waited { try await report(.notice(waited)) }
        try await report(.activated(replaced: replaced))
    }

    // MARK: Contents

    private func fill(
        _ generation: Int, _ bundle: ModelBundle, _ storage: VectorStorage, _ catalogueID: Int32
    ) async throws {
        let tables = VectorTables(generation: generation)
        try await connection.transaction {
            try await tables.create(on: connection, for: bundle, storage)
            try await report(.tablesCreated)
            let catalogue = CatalogueWriter(connection, catalogueID: catalogueID)
            try await catalogue.write(bundle)
            try await report(
                .catalogueCopied(
                    items: bundle.items.count, users: bundle.users.count, interactions: bundle.interactions.count))
            try await tables.copy(bundle, storage, on: connection)
            _ = try await RatingHeadTable(connection).write(bundle, generation: generation)
            try await report(.vectorsCopied(items: bundle.items.count, users: bundle.users.count))
        }
        try await reportNotices()
        try await report(.committed)
    }

    private func indexPlan(_ bundle: ModelBundle, _ options: Options) -> IndexPlan {
        var plan = IndexPlan(
            kind: options.index, storage: options.storage,
            rows: bundle.items.count - min(bundle.coldItems.count, bundle.itemsWithoutSimilarity.count),
            dimensions: max(bundle.itemVectors.columns, bundle.similarity.columns))
        if let links = options.hnswLinks { plan.hnswLinks = links }
        if let construction = options.hnswConstruction { plan.hnswConstruction = construction }
        plan.ivfflatLists = options.ivfflatLists
        plan.memoryMegabytes = options.indexMemoryMegabytes
        return plan
    }

    private func buildIndexes(_ generation: Int, _ plan: IndexPlan, _ bundle: ModelBundle) async throws {
        let builder = IndexBuilder(connection, configuration: configuration, report: report)
        try await builder.build(
            plan, on: VectorTables(generation: generation).items,
            columns: bundle.indexedColumns)
        try await reportNotices()
        for table in VectorTables(generation: generation).names + CatalogueWriter.tables {
            try await connection.execute("ANALYZE \(table)")
        }
        try await report(.analysed)
    }

    private func reportNotices() async throws {
        for notice in connection.takeNotices() { try await report(.notice("\(notice)")) }
    }

    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

extension ModelBundle {
    fileprivate var indexedColumns: [IndexedColumn] {
        [
            IndexedColumn(
                name: "embedding", dimensions: itemVectors.columns, vectors: items.count - coldItems.count),
            IndexedColumn(
                name: "similarity", dimensions: similarity.columns, vectors: items.count - itemsWithoutSimilarity.count),
        ]
    }
}
