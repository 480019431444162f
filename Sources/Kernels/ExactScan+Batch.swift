extension ExactScan {
    /// Rows whose distances to several queries are computed before any is looked at: of 64 dimensions they take 32 KiB
    /// and stay in the first-level cache for all the queries.
    private static let batchBlock = 128
    /// Queries whose results are looked at together.
    private static let batchQueries = 16

    /// What `nearest(to:in:count:where:)` gives for each row of `queries`, while each row of `matrix` is read once from
    /// memory for all of them.
    ///
    /// O(queries × rows × columns).
    ///
    /// - Parameters:
    ///   - queries: as many columns as `matrix`.
    ///   - isAllowed: asked with a query's row in `queries` and a row of `matrix`.
    package static func nearest(
        toEach queries: FloatMatrix, in matrix: FloatMatrix, count: Int, kernels: Kernels = .active,
        where isAllowed: (_ query: Int, _ row: Int32) throws -> Bool
    ) rethrows -> [[Neighbor]] {
        precondition(queries.columns == matrix.columns, "\(queries.columns) dimensions do not meet \(matrix.columns)")
        precondition(count >= 0, "a count is not negative")
        var heaps = Array(repeating: NearestHeap(capacity: min(count, matrix.rows)), count: queries.rows)
        guard count > 0, queries.rows > 0, matrix.rows > 0 else { return heaps.map { $0.sorted() } }
        try queries.withUnsafeBufferPointer { queries in
            try matrix.withUnsafeBufferPointer { elements in
                try ScanBuffers.withBuffers(rows: batchBlock, queries: batchQueries) { buffers in
                    for start in stride(from: 0, to: matrix.rows, by: batchBlock) {
                        let rows = start..<min(start + batchBlock, matrix.rows)
                        let block = elements.rows(rows, of: matrix.columns)
                        for first in stride(from: 0, to: heaps.count, by: batchQueries) {
                            let asked = first..<min(first + batchQueries, heaps.count)
                            let squares = buffers.squares(asked.count * rows.count)
                            kernels.scan(
                                queries: queries.rows(asked, of: matrix.columns), rows: block,
                                columns: matrix.columns, into: squares)
                            for query in asked {
                                let own = UnsafeBufferPointer(
                                    rebasing: squares[(query - first) * rows.count..<(query - first + 1) * rows.count])
                                let selected = buffers.select(own, below: heaps[query].limit, kernels)
                                try heaps[query].offer(
                                    selected, of: own, row: { Int32(truncatingIfNeeded: start) + $0 },
                                    where: { try isAllowed(query, $0) })
                            }
                        }
                    }
                }
            }
        }
        return heaps.map { $0.sorted() }
    }
}
