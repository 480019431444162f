import Kernels

/// One vector column in memory; a NULL is a zero row that `absent` names.
struct VectorColumn: Sendable {
    /// From so many rows on a scan of codes first is faster than its overhead; below, the vectors stay in the cache.
    private static let rowsWorthCoding = 20_000

    let matrix: FloatMatrix
    let absent: RowSet
    /// The vectors in a byte a dimension, for the first pass of an exact scan; nil for few rows.
    private let codes: QuantizedMatrix?
    /// What makes the code of a query, where the index holds bits.
    let bitCoder: BitCoder?

    /// - Parameters:
    ///   - isScanned: whether `nearest` will be asked.
    ///   - hasBits: whether the index holds bits.
    init(matrix: FloatMatrix, absent: RowSet, isScanned: Bool, hasBits: Bool) {
        self.matrix = matrix
        self.absent = absent
        codes = isScanned && matrix.rows >= Self.rowsWorthCoding ? QuantizedMatrix(matrix) : nil
        bitCoder = hasBits ? BitCoder(for: matrix) : nil
    }

    /// The `count` rows nearest to `query` that are present and not excluded, exactly.
    func nearest(to query: FloatMatrix.Row, count: Int, excluding excluded: RowSet) -> [Neighbor] {
        query.withUnsafeBufferPointer { query in
            if let codes {
                ExactScan.nearest(to: query, in: codes, count: count, absent: absent, excluding: excluded)
            } else {
                ExactScan.nearest(to: query, in: matrix, count: count, absent: absent, excluding: excluded)
            }
        }
    }
}
