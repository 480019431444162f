import Foundation
import Kernels
import ModelBundle
import Schema

/// What of a snapshot is in its file; the rest is computed again.
extension Snapshot {
    func write(to file: inout SnapshotOutput) throws {
        try file.json(generation)
        try file.value(items.count)
        for item in items { try file.item(item) }
        for column in [embeddings, similarities, userVectors] { try file.column(column) }
        try file.array(userRows.ids)
        try file.array(seen.offsets)
        try file.array(seen.rows)
        try file.array(seen.values)
        try file.encoder(encoder)
        try file.array(popular)
        try file.value(reranker != nil)
        if let reranker { try file.reranker(reranker) }
    }

    /// - Parameter filedAt: when the file was written.
    init(from file: inout SnapshotInput, filedAt: Date) throws {
        let generation = try file.json(ActiveGeneration.self)
        let count = try file.value(Int.self)
        var items = ItemTable()
        for _ in 0..<count { items.append(try file.item()) }
        let hasBits = generation.storage == .bit
        let embeddings = try file.column(isScanned: true, hasBits: hasBits)
        let similarities = try file.column(isScanned: true, hasBits: hasBits)
        let userVectors = try file.column(isScanned: false, hasBits: false)
        let users = try file.array(Int32.self)
        let seen = SeenLists(
            offsets: try file.array(Int.self), rows: try file.array(Int32.self), values: try file.array(Float.self))
        let encoder = try file.encoder()
        let popular = try file.array(Int32.self)
        let reranker = try file.value(Bool.self) ? try file.reranker(encoder, embeddings.matrix) : nil
        self.init(
            generation: generation, items: items, facets: ItemFacets(items), itemRows: RowIndex(items.ids),
            embeddings: embeddings, similarities: similarities, userRows: RowIndex(users), userVectors: userVectors,
            seen: seen, encoder: encoder, popular: popular, reranker: reranker, filedAt: filedAt, erasedAt: 0)
    }
}

extension SnapshotOutput {
    fileprivate mutating func item(_ item: Item) throws {
        try value(item.id)
        try string(item.title)
        try value(item.year != nil)
        if let year = item.year { try value(year) }
        try value(item.released != nil)
        if let released = item.released { try string(released) }
        try value(item.tags.count)
        for tag in item.tags { try string(tag) }
    }

    fileprivate mutating func column(_ column: VectorColumn) throws {
        try matrix(column.matrix)
        try array((0..<Int32(column.matrix.rows)).filter(column.absent.contains))
    }

    fileprivate mutating func encoder(_ encoder: UserEncoder) throws {
        try json(encoder.geometry)
        try matrix(encoder.encoder)
        try matrix(encoder.genreRows)
    }

    fileprivate mutating func reranker(_ reranker: ModelReranker) throws {
        let head = try StoredRatingHead(reranker.predictor.head)
        try string(head.constants)
        for part in [head.items, head.neighbors] {
            try value(part.bytes.count)
            try bytes(part.bytes)
            try string(part.sha256)
        }
        try json(reranker.memberships.combinations)
        try array(reranker.memberships.byUser)
    }
}

extension SnapshotInput {
    fileprivate mutating func item() throws -> Item {
        Item(
            id: try value(Int32.self), title: try string(),
            year: try value(Bool.self) ? try value(Int.self) : nil,
            released: try value(Bool.self) ? try string() : nil,
            tags: try (0..<value(Int.self)).map { _ in try string() })
    }

    fileprivate mutating func column(isScanned: Bool, hasBits: Bool) throws -> VectorColumn {
        VectorColumn(
            matrix: try matrix(), absent: RowSet(try array(Int32.self)), isScanned: isScanned, hasBits: hasBits)
    }

    fileprivate mutating func encoder() throws -> UserEncoder {
        UserEncoder(geometry: try json(Geometry.self), encoder: try matrix(), genreRows: try matrix())
    }

    fileprivate mutating func reranker(_ encoder: UserEncoder, _ itemVectors: FloatMatrix) throws -> ModelReranker {
        let constants = try string()
        let head = StoredRatingHead(constants: constants, items: try part(), neighbors: try part())
        let predictor = RatingPredictor(
            head: try head.head(items: itemVectors.rows), encoder: encoder, itemVectors: itemVectors)
        return ModelReranker(
            predictor: predictor,
            memberships: .init(combinations: try json([[Int]].self), byUser: try array(Int32.self)))
    }

    private mutating func part() throws -> StoredRatingHead.Part {
        // Positions in a part are counted from 0.
        .init(bytes: Data(try bytes()), sha256: try string())
    }
}
