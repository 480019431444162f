import Kernels
package import Postgres
import Schema

/// Reads a generation into memory, in one consistent view of the database.
package struct SnapshotReader {
    /// How far a stored norm may be from the declared one, relative: float32 rounding over the dimensions.
    private static let normTolerance = 1e-3

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
        let (items, embeddings, similarities) = try await readItems(generation)
        let (users, userVectors) = try await readUsers(generation)
        let itemRows = Snapshot.rows(items.map(\.id))
        let userRows = Snapshot.rows(users)
        let reader = RerankerReader(connection, generation)
        let predictor = try await reader.predictor(ids: items.map(\.id), itemVectors: embeddings.matrix)
        let (seen, values) = try await readSeen(
            generation, userRows: userRows, itemRows: itemRows, withValues: predictor != nil)
        var reranker: ModelReranker?
        if let predictor {
            reranker = ModelReranker(
                predictor: predictor, seen: seen, values: values,
                memberships: try await reader.memberships(ids: users, predictor))
        }
        let counts = seen.counts(items: items.count)
        let popular = items.indices.map { Int32($0) }.sorted {
            (counts[Int($1)], $0) < (counts[Int($0)], $1)
        }
        return Snapshot(
            generation: generation, items: items, facets: ItemFacets(items), itemRows: itemRows, embeddings: embeddings,
            similarities: similarities, userRows: userRows, userVectors: userVectors, seen: seen, popular: popular,
            reranker: reranker, filedAt: nil)
    }

    private func readItems(
        _ generation: ActiveGeneration
    ) async throws -> (items: [Item], embeddings: VectorColumn, similarities: VectorColumn) {
        let result = try await connection.query(
            """
            SELECT v.item_id, i.title,
                   coalesce((i.attributes ->> 'year')::integer, extract(year FROM i.released)::integer),
                   i.released::text, i.tags, v.embedding, v.similarity
            FROM \(generation.itemTable) v
            JOIN kindred.items i ON i.catalogue_id = $1 AND i.id = v.item_id
            ORDER BY v.item_id
            """, [.int32(generation.catalogueID)])
        let items = try (0..<result.rowCount).map { row in
            Item(
                id: try result.int32(row, 0), title: try result.text(row, 1),
                year: result.isNull(row, 2) ? nil : Int(try result.int32(row, 2)),
                released: try result.textIfPresent(row, 3), tags: try result.textArray(row, 4))
        }
        let hasBits = generation.storage == .bit
        let name: (String) -> String = { "\(generation.itemTable).\($0)" }
        return (
            items,
            try column(
                result, 5, dimensions: generation.dimensions, norm: generation.maximumNorm, hasBits: hasBits,
                name: name("embedding")),
            try column(
                result, 6, dimensions: generation.similarityDimensions, norm: 1, hasBits: hasBits,
                name: name("similarity"))
        )
    }

    private func readUsers(_ generation: ActiveGeneration) async throws -> (ids: [Int32], vectors: VectorColumn) {
        let result = try await connection.query(
            "SELECT user_id, embedding FROM \(generation.userTable) ORDER BY user_id")
        let vectors = try column(
            result, 1, dimensions: generation.dimensions, norm: generation.maximumNorm, hasBits: nil,
            name: "\(generation.userTable).embedding")
        return (try (0..<result.rowCount).map { try result.int32($0, 0) }, vectors)
    }

    /// - Parameter withValues: whether the ratings are wanted too; `values` is empty otherwise.
    private func readSeen(
        _ generation: ActiveGeneration, userRows: [Int32: Int32], itemRows: [Int32: Int32], withValues: Bool
    ) async throws -> (lists: SeenLists, values: [Float]) {
        let result = try await connection.query(
            """
            SELECT user_id, item_id\(withValues ? ", value" : "") FROM kindred.interactions
            WHERE catalogue_id = $1 ORDER BY user_id, item_id
            """, [.int32(generation.catalogueID)])
        var values: [Float] = []
        if withValues { values.reserveCapacity(result.rowCount) }
        var pairs: [(user: Int32, item: Int32)] = []
        pairs.reserveCapacity(result.rowCount)
        for row in 0..<result.rowCount {
            // A user or an item that came after this generation has no row in it.
            guard let user = userRows[try result.int32(row, 0)], let item = itemRows[try result.int32(row, 1)]
            else { continue }
            pairs.append((user, item))
            if withValues { values.append(try result.float(row, 2)) }
        }
        return (SeenLists(users: userRows.count, pairs: pairs), values)
    }

    /// Decodes a vector column and checks what it holds; column 0 of the result is the id.
    ///
    /// - Parameter hasBits: whether its index holds bits; nil for a column that is never searched.
    private func column(
        _ result: QueryResult, _ column: Int, dimensions: Int, norm: Double, hasBits: Bool? = nil,
        name: String
    ) throws -> VectorColumn {
        var absent: [Int32] = []
        let matrix = try FloatMatrix(rows: result.rowCount, columns: dimensions) { elements in
            for row in 0..<result.rowCount {
                guard !result.isNull(row, column) else {
                    absent.append(Int32(row))
                    continue
                }
                let target = UnsafeMutableBufferPointer(rebasing: elements[row * dimensions..<(row + 1) * dimensions])
                do {
                    try result.withBytes(row, column) { try VectorCodec.decode($0, into: target) }
                } catch let error as VectorCodecError {
                    throw RetrievalError.badVector(table: name, id: try result.int32(row, 0), reason: "\(error)")
                }
                let found = Double(Kernels.active.innerProduct(.init(target), .init(target))).squareRoot()
                // Written so that a NaN fails it.
                guard abs(found - norm) <= Self.normTolerance * norm else {
                    throw RetrievalError.badVector(
                        table: name, id: try result.int32(row, 0), reason: "its norm is \(found), not \(norm)")
                }
            }
        }
        return VectorColumn(
            matrix: matrix, absent: RowSet(absent), isScanned: hasBits != nil, hasBits: hasBits ?? false)
    }
}
