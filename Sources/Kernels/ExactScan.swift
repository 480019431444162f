/// Exact nearest neighbours by comparing a query with every row.
package enum ExactScan {
    /// Rows whose distances are computed before any is looked at: 1 KiB of results stays in the first-level cache.
    static let block = 256
    /// The first of them, which nothing rules out; the next ones double what was seen.
    static let firstBlock = 32

    /// The `count` nearest rows that `isAllowed`, sorted by (distance, row); fewer when fewer are allowed.
    ///
    /// A NaN distance sorts last, as in PostgreSQL. O(rows × columns) for the distances; `isAllowed` is asked only
    /// for rows nearer than the worst kept so far, about count × ln(rows / count) times when rows come in no order.
    ///
    /// - Parameter query: `matrix.columns` floats.
    package static func nearest(
        to query: UnsafeBufferPointer<Float>, in matrix: FloatMatrix, count: Int, kernels: Kernels = .active,
        where isAllowed: (Int32) throws -> Bool
    ) rethrows -> [Neighbor] {
        precondition(query.count == matrix.columns, "\(query.count) dimensions do not meet \(matrix.columns)")
        precondition(count >= 0, "a count is not negative")
        guard count > 0, matrix.rows > 0 else { return [] }
        var heap = NearestHeap(capacity: min(count, matrix.rows))
        try matrix.withUnsafeBufferPointer { elements in
            try ScanBuffers.withBuffers(rows: block, queries: 1) { buffers in
                for rows in Chunks(of: matrix.rows, first: firstBlock, largest: block) {
                    let squares = buffers.squares(rows.count)
                    kernels.scan(query, rows: elements.rows(rows, of: matrix.columns), into: squares)
                    let selected = buffers.select(UnsafeBufferPointer(squares), below: heap.limit, kernels)
                    try heap.offer(
                        selected, of: UnsafeBufferPointer(squares),
                        row: { Int32(truncatingIfNeeded: rows.lowerBound) + $0 }, where: isAllowed)
                }
            }
        }
        return heap.sorted()
    }

    /// The `count` nearest rows that are in neither set, sorted by (distance, row).
    ///
    /// - Parameters:
    ///   - absent: rows that have no vector, made once per matrix.
    ///   - excluded: rows that this request leaves out.
    package static func nearest(
        to query: UnsafeBufferPointer<Float>, in matrix: FloatMatrix, count: Int, absent: RowSet = .none,
        excluding excluded: RowSet = .none, kernels: Kernels = .active
    ) -> [Neighbor] {
        nearest(to: query, in: matrix, count: count, kernels: kernels) { row in
            !absent.contains(row) && !excluded.contains(row)
        }
    }

    /// `rows` as neighbours of `query`, sorted by (distance, row): the exact re-ranking of candidates.
    ///
    /// The distances have the same bits that `nearest` gives. O(rows × columns).
    package static func rank(
        _ rows: [Int32], by query: UnsafeBufferPointer<Float>, in matrix: FloatMatrix, kernels: Kernels = .active
    ) -> [Neighbor] {
        var heap = NearestHeap(capacity: rows.count)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: rows.count) { squares in
            squares.initialize(repeating: 0)
            rows.withUnsafeBufferPointer { kernels.gather(query, rows: $0, of: matrix, into: squares) }
            for (row, square) in zip(rows, squares) { heap.offer(row: row, square: square) }
        }
        return heap.sorted()
    }
}

extension UnsafeBufferPointer<Float> {
    func rows(_ rows: Range<Int>, of columns: Int) -> Self {
        UnsafeBufferPointer(rebasing: self[rows.lowerBound * columns..<rows.upperBound * columns])
    }
}
