import Kernels
import Postgres

/// Decodes a vector column row by row, and checks what it holds.
struct VectorColumnReader: ~Copyable {
    /// How far a stored norm may be from the declared one, relative: float32 rounding over the dimensions.
    private static let normTolerance = 1e-3

    private let name: String
    private let norm: Double
    private var rows: FloatMatrixBuilder
    private var count: Int32 = 0
    private var absent: [Int32] = []

    /// - Parameters:
    ///   - name: of the column, for errors.
    ///   - norm: of every vector in it.
    ///   - capacity: the rows to expect.
    init(_ name: String, dimensions: Int, norm: Double, capacity: Int) {
        self.name = name
        self.norm = norm
        rows = FloatMatrixBuilder(columns: dimensions, capacity: capacity)
    }

    /// - Parameter result: its column 0 is the id.
    /// - Throws: ``RetrievalError/badVector(table:id:reason:)``
    mutating func append(_ result: QueryResult, _ row: Int, _ column: Int) throws {
        let isPresent = !result.isNull(row, column)
        try rows.append { target in
            guard isPresent else { return }
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
        if !isPresent { absent.append(count) }
        count += 1
    }

    /// - Parameters:
    ///   - isScanned: whether `nearest` will be asked.
    ///   - hasBits: whether the index holds bits.
    consuming func column(isScanned: Bool, hasBits: Bool) -> VectorColumn {
        let absent = RowSet(absent)
        return VectorColumn(matrix: rows.matrix(), absent: absent, isScanned: isScanned, hasBits: hasBits)
    }
}
