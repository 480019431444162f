import Foundation
import Kernels
import ModelBundle
import Postgres

/// Reads what user vectors of a generation are computed from, in the transaction that reads the rest.
struct EncoderReader {
    private static let batch = 4096

    private let connection: Connection
    private let generation: ActiveGeneration

    init(_ connection: Connection, _ generation: ActiveGeneration) {
        self.connection = connection
        self.generation = generation
    }

    /// - Parameter ids: of the items, ascending.
    /// - Throws: ``RetrievalError/badEncoder(generation:reason:)`` for one that is damaged, or `PostgresError`.
    func encoder(ids: [Int32]) async throws -> UserEncoder {
        let geometry = try await geometry()
        var encoder = FloatMatrixBuilder(columns: geometry.spectralDimensions, capacity: ids.count)
        var tags = FloatMatrixBuilder(columns: geometry.genreDimensions, capacity: ids.count)
        // The column is there for a model that has genres.
        let columns = geometry.genreDimensions > 0 ? "item_id, encoder, tags" : "item_id, encoder"
        var row = 0
        try await connection.batches(
            of: Self.batch, sql: "SELECT \(columns) FROM \(generation.encoderTable) ORDER BY item_id"
        ) { batch in
            for place in 0..<batch.rowCount {
                guard row < ids.count, try batch.int32(place, 0) == ids[row] else { throw missingRows }
                try append(to: &encoder, batch, place, 1, id: ids[row])
                if geometry.genreDimensions > 0 {
                    try append(to: &tags, batch, place, 2, id: ids[row])
                } else {
                    tags.append { _ in }
                }
                row += 1
            }
        }
        guard row == ids.count else { throw missingRows }
        return UserEncoder(geometry: geometry, encoder: encoder.matrix(), genreRows: tags.matrix())
    }

    private func geometry() async throws -> Geometry {
        let result = try await connection.query(
            "SELECT geometry::text FROM kindred.generations WHERE id = $1", [.int32(Int32(generation.id))])
        let geometry: Geometry
        do {
            geometry = try JSONDecoder().decode(Geometry.self, from: Data(try result.text(0, 0).utf8))
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

    private func append(
        to matrix: inout FloatMatrixBuilder, _ result: QueryResult, _ row: Int, _ column: Int, id: Int32
    ) throws {
        try matrix.append { target in
            do {
                try result.withBytes(row, column) { try VectorCodec.decode($0, into: target) }
            } catch let error as VectorCodecError {
                throw RetrievalError.badVector(table: generation.encoderTable, id: id, reason: "\(error)")
            }
        }
    }

    private var missingRows: RetrievalError { damage("\(generation.encoderTable) has not the rows of its items") }

    private func damage(_ reason: String) -> RetrievalError { .badEncoder(generation: generation.id, reason: reason) }
}
