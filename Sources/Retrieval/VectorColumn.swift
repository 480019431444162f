import Kernels

/// One vector column in memory; a NULL is a zero row that `absent` names.
struct VectorColumn: Sendable {
    /// From so many rows on a scan of codes first is faster than its overhead; below, the vectors stay in the cache.
    private static let rowsWorthCoding = 20_000

    let matrix: FloatMatrix
    let absent: RowSet
    /// The vectors in a byte a dimension, for the first pass of an exact scan; nil for few rows.
    private let codes: ColumnCodes?
    /// What makes the code of a query, where the index holds bits.
    let bitCoder: BitCoder?

    /// - Parameters:
    ///   - isScanned: whether `nearest` will be asked.
    ///   - hasBits: whether the index holds bits.
    init(matrix: FloatMatrix, absent: RowSet, isScanned: Bool, hasBits: Bool) {
        self.matrix = matrix
        self.absent = absent
        codes = isScanned && matrix.rows >= Self.rowsWorthCoding ? ColumnCodes(matrix) : nil
        bitCoder = hasBits ? BitCoder(for: matrix) : nil
    }

    /// Whether so few rows are looked up one by one: below that fraction it is faster than to pass over all of them.
    func isGathered(_ rows: Int) -> Bool { rows < matrix.rows / (codes == nil ? 2 : 8) }

    /// The `count` rows nearest to `query` that are present, not excluded and, if only some are, allowed; exactly.
    func nearest(
        to query: FloatMatrix.Row, count: Int, excluding excluded: RowSet, among allowed: RowSet? = nil
    ) -> [Neighbor] {
        query.withUnsafeBufferPointer { query in
            if let allowed {
                nearest(to: query, count: count, excluding: excluded, amongSome: allowed)
            } else if let codes = codes?.ifMade() {
                ExactScan.nearest(to: query, in: codes, count: count, absent: absent, excluding: excluded)
            } else {
                ExactScan.nearest(to: query, in: matrix, count: count, absent: absent, excluding: excluded)
            }
        }
    }

    private func nearest(
        to query: UnsafeBufferPointer<Float>, count: Int, excluding excluded: RowSet, amongSome allowed: RowSet
    ) -> [Neighbor] {
        if isGathered(allowed.count) {
            return ExactScan.nearest(to: query, in: matrix, among: allowed.rows, count: count) { row in
                !absent.contains(row) && !excluded.contains(row)
            }
        }
        let isWanted = { (row: Int32) in
            allowed.contains(row) && !absent.contains(row) && !excluded.contains(row)
        }
        return if let codes = codes?.ifMade() {
            ExactScan.nearest(to: query, in: codes, count: count, where: isWanted)
        } else {
            ExactScan.nearest(to: query, in: matrix, count: count, where: isWanted)
        }
    }
}
