package import Postgres
package import Schema

/// The generation a catalogue's pointer names, and what is needed to search it.
package struct ActiveGeneration: Codable, Sendable, Equatable {
    package let id: Int
    package let catalogueID: Int32
    package let catalogue: String
    package let model: String
    package let version: String
    /// `none`, `hnsw` or `ivfflat`.
    package let index: String
    /// In what type the index holds the vectors.
    package let storage: VectorStorage
    /// Lists of an IVFFlat index.
    package let lists: Int?
    /// Lists an IVFFlat index is searched in by default.
    package let probes: Int?
    package let dimensions: Int
    package let similarityDimensions: Int
    /// M, the norm of every recommendation vector.
    package let maximumNorm: Double
    /// Seconds since 1970 when the bundle was made.
    package let createdAt: Double

    var itemTable: String { "kindred.item_vectors_g\(id)" }
    var userTable: String { "kindred.user_vectors_g\(id)" }
    var encoderTable: String { "kindred.item_encoders_g\(id)" }

    /// - Parameter id: of another generation than the one the pointer names.
    /// - Throws: ``RetrievalError/noActiveGeneration(catalogue:)`` when nothing has been activated, or
    ///   ``RetrievalError/noGeneration(_:catalogue:)``.
    package static func read(
        catalogue: String, id: Int? = nil, on connection: Connection
    ) async throws -> ActiveGeneration {
        let result = try await connection.query(
            """
            SELECT g.id, c.id, c.name, g.model, g.version, g.index_kind, (g.index_options ->> 'probes')::integer,
                   g.dimensions, g.similarity_dimensions, (g.geometry ->> 'maximumNorm')::float8,
                   extract(epoch FROM g.created_at)::float8, g.storage, (g.index_options ->> 'lists')::integer
            FROM kindred.catalogues c JOIN kindred.generations g ON g.catalogue_id = c.id
            WHERE c.name = $1 AND g.id = coalesce($2, c.active_generation)
              AND g.state IN ('ready', 'active', 'retired')
            """, [.text(catalogue), id.map { .int32(Int32(clamping: $0)) } ?? .null])
        guard result.rowCount == 1 else {
            if let id { throw RetrievalError.noGeneration(id, catalogue: catalogue) }
            throw RetrievalError.noActiveGeneration(catalogue: catalogue)
        }
        guard let storage = VectorStorage(rawValue: try result.text(0, 11)) else {
            throw RetrievalError.unknownStorage(try result.text(0, 11))
        }
        return ActiveGeneration(
            id: Int(try result.int32(0, 0)), catalogueID: try result.int32(0, 1), catalogue: try result.text(0, 2),
            model: try result.text(0, 3), version: try result.text(0, 4), index: try result.text(0, 5),
            storage: storage,
            lists: result.isNull(0, 12) ? nil : Int(try result.int32(0, 12)),
            probes: result.isNull(0, 6) ? nil : Int(try result.int32(0, 6)),
            dimensions: Int(try result.int32(0, 7)), similarityDimensions: Int(try result.int32(0, 8)),
            maximumNorm: try result.double(0, 9), createdAt: try result.double(0, 10))
    }
}
