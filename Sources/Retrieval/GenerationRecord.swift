import Foundation
import Postgres
import Schema

/// A generation as the database records it, or as memory knows the one that is served.
package struct GenerationRecord: Sendable {
    package let id: Int
    package let state: String
    package let model: String
    package let version: String
    package var contentHash: String?
    package var gitRevision: String?
    package var dataset: String?
    package let items: Int?
    package let users: Int?
    package var interactions: Int?
    package let dimensions: Int
    package let similarityDimensions: Int
    package let storage: String
    package let index: String
    package var indexOptions: [String: Double]?
    /// What training measured, by name.
    package var metrics: [String: Double]?
    /// RFC 3339, like the other times: when the bundle was made.
    package let createdAt: String
    package var loadedAt: String?
    /// When it was last made active; nil where it never was.
    package var activatedAt: String?

    /// Newest first.
    private static let query = Statement(
        "records_of_generations",
        """
        SELECT g.id, g.state, g.model, g.version, g.content_hash, g.git_revision, g.manifest #>> '{dataset,name}',
               (g.manifest #>> '{dataset,items}')::integer, (g.manifest #>> '{dataset,users}')::integer,
               (g.manifest #>> '{dataset,interactions}')::integer, g.dimensions, g.similarity_dimensions, g.storage,
               g.index_kind, g.index_options::text, coalesce((g.manifest -> 'metrics')::text, '{}'),
               to_char(g.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
               to_char(g.loaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
               to_char(g.activated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
               count(*) OVER ()
        FROM kindred.generations g
        WHERE g.catalogue_id = $1 AND g.id = coalesce($2, g.id)
        ORDER BY g.id DESC LIMIT $3
        """)

    /// The newest ones of a catalogue, newest first, and how many there are.
    ///
    /// - Parameter id: of the only one that is wanted.
    static func read(
        catalogue: Int32, id: Int? = nil, count: Int, from pool: Pool, deadline: ContinuousClock.Instant
    ) async throws -> (records: [GenerationRecord], total: Int) {
        let (result, _) = try await pool.query(
            query, [.int32(catalogue), id.map { .int32(Int32(clamping: $0)) } ?? .null, .int64(Int64(count))],
            deadline: deadline)
        let records = try (0..<result.rowCount).map { try GenerationRecord(result, $0) }
        return (records, records.isEmpty ? 0 : Int(try result.int64(0, 19)))
    }

    private init(_ result: QueryResult, _ row: Int) throws {
        func count(_ column: Int) throws -> Int? {
            result.isNull(row, column) ? nil : Int(try result.int32(row, column))
        }
        func numbers(_ column: Int) throws -> [String: Double] {
            try JSONDecoder().decode([String: Double].self, from: Data(try result.text(row, column).utf8))
        }
        id = Int(try result.int32(row, 0))
        state = try result.text(row, 1)
        model = try result.text(row, 2)
        version = try result.text(row, 3)
        contentHash = try result.text(row, 4)
        gitRevision = try result.textIfPresent(row, 5)
        dataset = try result.textIfPresent(row, 6)
        items = try count(7)
        users = try count(8)
        interactions = try count(9)
        dimensions = Int(try result.int32(row, 10))
        similarityDimensions = Int(try result.int32(row, 11))
        storage = try result.text(row, 12)
        index = try result.text(row, 13)
        indexOptions = try numbers(14)
        metrics = try numbers(15)
        createdAt = try result.text(row, 16)
        loadedAt = try result.text(row, 17)
        activatedAt = try result.textIfPresent(row, 18)
    }

    /// What memory knows of the generation that is served.
    init(_ snapshot: Snapshot) {
        let generation = snapshot.generation
        id = generation.id
        state = "active"
        model = generation.model
        version = generation.version
        items = snapshot.items.count
        users = snapshot.userCount
        dimensions = generation.dimensions
        similarityDimensions = generation.similarityDimensions
        storage = generation.storage.rawValue
        index = generation.index
        createdAt = Date(timeIntervalSince1970: generation.createdAt).ISO8601Format()
    }
}

extension Retriever {
    /// The newest generations of the catalogue, newest first, and how many there are.
    ///
    /// - Throws: `PostgresError`: only the database knows them.
    package func generations(
        count: Int, deadline: ContinuousClock.Instant
    ) async throws -> (records: [GenerationRecord], total: Int) {
        try await GenerationRecord.read(
            catalogue: snapshot.generation.catalogueID, count: count, from: pool, deadline: deadline)
    }

    /// The generation that is served: from the database or, while that is away, as far as memory knows it.
    package func servedGeneration(
        deadline: ContinuousClock.Instant
    ) async throws -> (record: GenerationRecord, isDegraded: Bool) {
        do {
            let found = try await GenerationRecord.read(
                catalogue: snapshot.generation.catalogueID, id: snapshot.generation.id, count: 1, from: pool,
                deadline: deadline)
            if let record = found.records.first, !isProvisional { return (record, false) }
        } catch let error as PostgresError where error.isAbsence {}
        return (GenerationRecord(snapshot), true)
    }
}
