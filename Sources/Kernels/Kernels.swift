import CKernels

/// The distance functions of one instruction set. A NaN or an infinity in a vector reaches the result.
///
/// Safe to share: the table is a constant of the C library, which nothing writes.
package struct Kernels: @unchecked Sendable {
    /// The fastest that this processor runs, chosen once.
    package static let active = Kernels(table: kindred_kernels_best())

    let table: UnsafePointer<kindred_kernels>

    private init(table: UnsafePointer<kindred_kernels>) {
        self.table = table
    }

    /// nil when `name` is unknown or this processor cannot run it.
    package init?(named name: String) {
        guard let table = kindred_kernels_named(name) else { return nil }
        self.table = table
    }

    /// `scalar`, `avx2+fma` or `avx512+vnni`.
    package var name: String { String(cString: table.pointee.name) }

    /// Sum of (a[i] − b[i])²: the square of what pgvector's `<->` gives.
    package func squaredDistance(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Float {
        precondition(a.count == b.count, "vectors of \(a.count) and \(b.count) dimensions have no distance")
        guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
        return table.pointee.squared_l2(first, second, a.count)
    }

    /// Sum of a[i] · b[i].
    package func innerProduct(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Float {
        precondition(a.count == b.count, "vectors of \(a.count) and \(b.count) dimensions have no inner product")
        guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
        return table.pointee.inner_product(first, second, a.count)
    }

    /// Squared distances of `query` to the rows that lie one after the other in `rows`, one per element of `output`.
    ///
    /// O(rows × dimensions). `rows.count` must be `query.count × output.count`.
    package func scan(
        _ query: UnsafeBufferPointer<Float>, rows: UnsafeBufferPointer<Float>,
        into output: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(rows.count == query.count * output.count, "\(rows.count) floats are not \(output.count) rows")
        guard let query = UnsafeBufferPointer(nonEmpty: query), let rows = UnsafeBufferPointer(nonEmpty: rows) else {
            output.update(repeating: 0)
            return
        }
        table.pointee.scan(query.baseAddress!, rows.baseAddress!, output.count, query.count, output.baseAddress!)
    }

    /// Squared distances of several `queries`, which lie one after the other, to all `rows`: element q × rowCount + r of
    /// `output` is that of query q and row r, with the bits that `scan` gives.
    ///
    /// O(queries × rows × dimensions). Meant for rows that fit the first-level cache.
    package func scan(
        queries: UnsafeBufferPointer<Float>, rows: UnsafeBufferPointer<Float>, columns: Int,
        into output: UnsafeMutableBufferPointer<Float>
    ) {
        guard columns > 0, !queries.isEmpty, !rows.isEmpty else {
            output.update(repeating: 0)
            return
        }
        let (queryCount, rowCount) = (queries.count / columns, rows.count / columns)
        precondition(queries.count == queryCount * columns, "\(queries.count) floats are no vectors of \(columns)")
        precondition(rows.count == rowCount * columns, "\(rows.count) floats are no rows of \(columns)")
        precondition(output.count == queryCount * rowCount, "\(output.count) places do not hold every pair")
        table.pointee.scan_many(
            queries.baseAddress!, queryCount, rows.baseAddress!, rowCount, columns, output.baseAddress!)
    }

    /// Squared distances of `query` to `rows` of `matrix`, in their order, one per element of `output`.
    package func gather(
        _ query: UnsafeBufferPointer<Float>, rows: UnsafeBufferPointer<Int32>, of matrix: FloatMatrix,
        into output: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(query.count == matrix.columns, "\(query.count) dimensions do not meet \(matrix.columns)")
        precondition(rows.count == output.count, "\(rows.count) rows have \(rows.count) distances")
        // The kernels trust the indices; a row outside would read foreign memory.
        for row in rows { precondition(row >= 0 && row < matrix.rows, "row \(row) is outside 0..<\(matrix.rows)") }
        guard let query = UnsafeBufferPointer(nonEmpty: query), let rows = UnsafeBufferPointer(nonEmpty: rows) else {
            output.update(repeating: 0)
            return
        }
        matrix.withUnsafeBufferPointer { elements in
            table.pointee.gather(
                query.baseAddress!, elements.baseAddress!, rows.baseAddress!, rows.count, query.count,
                output.baseAddress!)
        }
    }
}

extension UnsafeBufferPointer {
    /// nil for an empty buffer, whose address may be none; C wants a real one.
    fileprivate init?(nonEmpty buffer: Self) {
        guard !buffer.isEmpty else { return nil }
        self = buffer
    }
}
