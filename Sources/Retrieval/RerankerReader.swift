import Foundation
import Kernels
import ModelBundle
import Postgres

/// Reads what the learned re-rank of a generation needs, in the transaction that reads the rest.
struct RerankerReader {
    private let connection: Connection
    private let generation: ActiveGeneration

    init(_ connection: Connection, _ generation: ActiveGeneration) {
        self.connection = connection
        self.generation = generation
    }

    /// The predictor of the generation; nil for one that predicts no ratings.
    ///
    /// - Parameters:
    ///   - ids: of the items, ascending.
    ///   - itemVectors: a row for each of them.
    /// - Throws: ``RetrievalError/badRatingHead(generation:reason:)`` for one that is damaged, or `PostgresError`.
    func predictor(ids: [Int32], itemVectors: FloatMatrix) async throws -> RatingPredictor? {
        let result = try await connection.query(
            """
            SELECT h.constants::text, h.items, h.items_sha256, h.neighbors, h.neighbors_sha256, g.geometry::text
            FROM kindred.rating_heads h JOIN kindred.generations g ON g.id = h.generation_id
            WHERE g.id = $1
            """, [.int32(Int32(generation.id))])
        guard result.rowCount == 1 else { return nil }
        let geometry = try geometry(try result.text(0, 5))
        let encoders = try await encoders(geometry, ids: ids)
        do {
            let stored = StoredRatingHead(
                constants: try result.text(0, 0), items: try part(result, 1), neighbors: try part(result, 3))
            return RatingPredictor(
                head: try stored.head(items: ids.count), geometry: geometry, encoder: encoders.encoder,
                itemVectors: itemVectors, genreRows: encoders.tags)
        } catch let error as BundleError {
            throw damage("\(error)")
        }
    }

    /// The groups of every user, in the order of `ids`, which ascend.
    func memberships(ids: [Int32], _ predictor: RatingPredictor) async throws -> ModelReranker.Memberships {
        let columns = RatingGroups.attributes.map { "u.attributes ->> '\($0)'" }.joined(separator: ", ")
        let result = try await connection.query(
            """
            SELECT u.id, \(columns) FROM kindred.users u JOIN \(generation.userTable) v ON v.user_id = u.id
            WHERE u.catalogue_id = $1 ORDER BY u.id
            """, [.int32(generation.catalogueID)])
        guard result.rowCount == ids.count else {
            throw damage("\(result.rowCount) of its \(ids.count) users are in the catalogue")
        }
        var memberships = ModelReranker.Memberships()
        for row in 0..<result.rowCount {
            var attributes: [String: String] = [:]
            for (place, name) in RatingGroups.attributes.enumerated() {
                attributes[name] = try result.textIfPresent(row, place + 1)
            }
            memberships.append(predictor.memberships(attributes))
        }
        return memberships
    }

    private func part(_ result: QueryResult, _ column: Int) throws -> StoredRatingHead.Part {
        let bytes = try result.withBytes(0, column) { Data($0) }
        return .init(bytes: bytes, sha256: try result.text(0, column + 1))
    }

    private func geometry(_ json: String) throws -> Geometry {
        let geometry: Geometry
        do {
            geometry = try JSONDecoder().decode(Geometry.self, from: Data(json.utf8))
        } catch {
            throw damage("its geometry cannot be decoded: \(error)")
        }
        guard geometry.dimensions == generation.dimensions else {
            throw damage(
                "its geometry has \(geometry.dimensions) dimensions, its vectors have \(generation.dimensions)")
        }
        if let defect = geometry.defect { throw damage(defect) }
        return geometry
    }

    private func encoders(
        _ geometry: Geometry, ids: [Int32]
    ) async throws -> (encoder: FloatMatrix, tags: FloatMatrix) {
        let result = try await connection.query(
            "SELECT item_id, encoder, tags FROM \(generation.encoderTable) ORDER BY item_id")
        let found = try (0..<result.rowCount).map { try result.int32($0, 0) }
        guard found == ids else { throw damage("\(generation.encoderTable) has not the rows of its items") }
        return (
            try matrix(result, 1, columns: geometry.spectralDimensions, ids),
            try matrix(result, 2, columns: geometry.genreDimensions, ids)
        )
    }

    private func matrix(_ result: QueryResult, _ column: Int, columns: Int, _ ids: [Int32]) throws -> FloatMatrix {
        try FloatMatrix(rows: ids.count, columns: columns) { elements in
            for row in ids.indices {
                let target = UnsafeMutableBufferPointer(rebasing: elements[row * columns..<(row + 1) * columns])
                do {
                    try result.withBytes(row, column) { try VectorCodec.decode($0, into: target) }
                } catch let error as VectorCodecError {
                    throw RetrievalError.badVector(
                        table: generation.encoderTable, id: ids[row], reason: "\(error)")
                }
            }
        }
    }

    private func damage(_ reason: String) -> RetrievalError {
        .badRatingHead(generation: generation.id, reason: reason)
    }
}
