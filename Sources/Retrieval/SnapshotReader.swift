package import Postgres
import Schema

/// Reads a generation into memory, in one consistent view of the database.
package struct SnapshotReader {
    /// Rows that are asked for at a time: some megabytes of vectors.
    private static let batch = 4096

    private let connection: Connection

    package init(_ connection: Connection) { self.connection = connection }

    /// - Parameter id: of another generation than the active one.
    /// - Throws: ``RetrievalError`` or `PostgresError`.
    package func read(catalogue: String, generation id: Int? = nil) async throws -> Snapshot {
        try await connection.transaction {
            try await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            let generation = try await ActiveGeneration.read(catalogue: catalogue, id: id, on: connection)
            return try await read(generation)
        }
    }

    private func read(_ generation: ActiveGeneration) async throws -> Snapshot {
        let sizes = try await readSizes(generation)
        let (items, embeddings, similarities) = try await readItems(generation, expecting: sizes.items)
        let (users, userVectors) = try await readUsers(generation, expecting: sizes.users)
        let itemRows = RowIndex(items.ids)
        let userRows = RowIndex(users)
        let encoder = try await EncoderReader(connection, generation).encoder(ids: items.ids)
        let seen = try await readSeen(generation, userRows: userRows, itemRows: itemRows)
        let reader = RerankerReader(connection, generation)
        var reranker: ModelReranker?
        if let predictor = try await reader.predictor(encoder, itemVectors: embeddings.matrix) {
            reranker = ModelReranker(
                predictor: predictor, memberships: try await reader.memberships(ids: users, predictor))
        }
        return Snapshot(
            generation: generation, items: items, facets: ItemFacets(items), itemRows: itemRows, embeddings: embeddings,
            similarities: similarities, userRows: userRows, userVectors: userVectors, seen: seen,
            encoder: encoder, popular: seen.popular(items: items.count), reranker: reranker, filedAt: nil,
            erasedAt: try await readErasedAt(generation))
    }

    private func readErasedAt(_ generation: ActiveGeneration) async throws -> Int64 {
        try await connection.query(
            "SELECT \(GenerationPointer.erasedAt) FROM kindred.catalogues WHERE id = $1",
            [.int32(generation.catalogueID)]
        ).int64(0, 0)
    }

    /// What the bundle had: what to make room for, so that nothing has to move while it grows.
    private func readSizes(_ generation: ActiveGeneration) async throws -> (items: Int, users: Int) {
        let result = try await connection.query(
            """
            SELECT coalesce((manifest #>> '{dataset,items}')::integer, 0),
                   coalesce((manifest #>> '{dataset,users}')::integer, 0)
            FROM kindred.generations WHERE id = $1
            """, [.int32(Int32(generation.id))])
        return (Int(try result.int32(0, 0)), Int(try result.int32(0, 1)))
    }

    private func readItems(
        _ generation: ActiveGeneration, expecting count: Int
    ) async throws -> (items: ItemTable, embeddings: VectorColumn, similarities: VectorColumn) {
        var items = ItemTable(capacity: count)
        var embeddings = VectorColumnReader(
            "\(generation.itemTable).embedding", dimensions: generation.dimensions, norm: generation.maximumNorm,
            capacity: count)
        var similarities = VectorColumnReader(
            "\(generation.itemTable).similarity", dimensions: generation.similarityDimensions, norm: 1,
            capacity: count)
        try await connection.batches(
            of: Self.batch,
            sql: """
                SELECT v.item_id, i.title,
                       coalesce((i.attributes ->> 'year')::integer, extract(year FROM i.released)::integer),
                       i.released::text, i.tags, v.embedding, v.similarity
                FROM \(generation.itemTable) v
                JOIN kindred.items i ON i.catalogue_id = $1 AND i.id = v.item_id
                ORDER BY v.item_id
                """, [.int32(generation.catalogueID)]
        ) { batch in
            for row in 0..<batch.rowCount {
                items.append(
                    Item(
                        id: try batch.int32(row, 0), title: try batch.text(row, 1),
                        year: batch.isNull(row, 2) ? nil : Int(try batch.int32(row, 2)),
                        released: try batch.textIfPresent(row, 3), tags: try batch.textArray(row, 4)))
                try embeddings.append(batch, row, 5)
                try similarities.append(batch, row, 6)
            }
        }
        let hasBits = generation.storage == .bit
        return (
            items, embeddings.column(isScanned: true, hasBits: hasBits),
            similarities.column(isScanned: true, hasBits: hasBits)
        )
    }

    private func readUsers(
        _ generation: ActiveGeneration, expecting count: Int
    ) async throws -> (ids: [Int32], vectors: VectorColumn) {
        var ids: [Int32] = []
        ids.reserveCapacity(count)
        var vectors = VectorColumnReader(
            "\(generation.userTable).embedding", dimensions: generation.dimensions, norm: generation.maximumNorm,
            capacity: count)
        try await connection.batches(
            of: Self.batch, sql: "SELECT user_id, embedding FROM \(generation.userTable) ORDER BY user_id"
        ) { batch in
            for row in 0..<batch.rowCount {
                ids.append(try batch.int32(row, 0))
                try vectors.append(batch, row, 1)
            }
        }
        return (ids, vectors.column(isScanned: false, hasBits: false))
    }

    private func readSeen(
        _ generation: ActiveGeneration, userRows: RowIndex, itemRows: RowIndex
    ) async throws -> SeenLists {
        var values: [Float] = []
        var pairs: [(user: Int32, item: Int32)] = []
        try await connection.batches(
            of: Self.batch,
            sql: """
                SELECT user_id, item_id, value FROM kindred.interactions
                WHERE catalogue_id = $1 ORDER BY user_id, item_id
                """, [.int32(generation.catalogueID)]
        ) { batch in
            for row in 0..<batch.rowCount {
                // A user or an item that came after this generation has no row in it.
                guard let user = userRows[try batch.int32(row, 0)], let item = itemRows[try batch.int32(row, 1)]
                else { continue }
                pairs.append((user, item))
                values.append(try batch.float(row, 2))
            }
        }
        return SeenLists(users: userRows.count, pairs: pairs, values: values)
    }
}
