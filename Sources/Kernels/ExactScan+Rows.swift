extension ExactScan {
    /// The `count` nearest of some rows, sorted by (distance, row); the same distances that comparing with every row gives.
    ///
    /// O(rows × columns). A row is fetched from wherever it lies, so that comparing with every row is faster from some
    /// fraction of them on.
    ///
    /// - Parameters:
    ///   - query: `matrix.columns` floats.
    ///   - rows: ascending, each once.
    package static func nearest(
        to query: UnsafeBufferPointer<Float>, in matrix: FloatMatrix, among rows: [Int32], count: Int,
        kernels: Kernels = .active, where isAllowed: (Int32) throws -> Bool
    ) rethrows -> [Neighbor] {
        precondition(count >= 0, "a count is not negative")
        guard count > 0, !rows.isEmpty else { return [] }
        var heap = NearestHeap(capacity: min(count, rows.count))
        try rows.withUnsafeBufferPointer { rows in
            try ScanBuffers.withBuffers(rows: block, queries: 1) { buffers in
                for places in Chunks(of: rows.count, first: firstBlock, largest: block) {
                    let some = UnsafeBufferPointer(rebasing: rows[places])
                    let squares = buffers.squares(some.count)
                    kernels.gather(query, rows: some, of: matrix, into: squares)
                    let selected = buffers.select(UnsafeBufferPointer(squares), below: heap.limit, kernels)
                    try heap.offer(
                        selected, of: UnsafeBufferPointer(squares), row: { some[Int($0)] }, where: isAllowed)
                }
            }
        }
        return heap.sorted()
    }
}
