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
    ///   - encoder: with a row for each item.
    ///   - itemVectors: the same rows.
    /// - Throws: ``RetrievalError/badRatingHead(generation:reason:)`` for one that is damaged, or `PostgresError`.
    func predictor(_ encoder: UserEncoder, itemVectors: FloatMatrix) async throws -> RatingPredictor? {
        let result = try await connection.query(
            """
            SELECT constants::text, items, items_sha256, neighbors, neighbors_sha256 FROM kindred.rating_heads
            WHERE generation_id = $1
            """, [.int32(Int32(generation.id))])
        guard result.rowCount == 1 else { return nil }
        do {
            let stored = StoredRatingHead(
                constants: try result.text(0, 0), items: try part(result, 1), neighbors: try part(result, 3))
            return RatingPredictor(
                head: try stored.head(items: itemVectors.rows), encoder: encoder, itemVectors: itemVectors)
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

    private func damage(_ reason: String) -> RetrievalError {
        .badRatingHead(generation: generation.id, reason: reason)
    }
}
