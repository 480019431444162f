/// One query's way through a `QuantizedMatrix`: the nearest so far, and from them how far is too far.
struct QuantizedSearch {
    /// Of the query's floats; valid as long as the scan lasts.
    let query: UnsafeBufferPointer<Float>
    let coded: CodedQuery
    private(set) var heap: NearestHeap

    init(query: UnsafeBufferPointer<Float>, coded: CodedQuery, capacity: Int) {
        self.query = query
        self.coded = coded
        heap = NearestHeap(capacity: capacity)
    }

    /// Most blocks between two looks at the nearest so far: 512 rows, whose codes of 64 dimensions take 38 KiB and stay
    /// in the first-level cache for several queries.
    private static let largestChunk = 32

    static func withBuffers<Result>(_ body: (ScanBuffers) throws -> Result) rethrows -> Result {
        try ScanBuffers.withBuffers(rows: largestChunk * QuantizedMatrix.blockRows, queries: 1, body)
    }

    /// The blocks of `matrix` in order. The first chunk holds about `count` rows and is compared exactly, for want of
    /// anything to compare with; then each doubles what was seen, so that the limit tightens while it matters most.
    static func chunks(of matrix: QuantizedMatrix, count: Int) -> Chunks {
        let first = min(max(count / QuantizedMatrix.blockRows, 1), largestChunk)
        return Chunks(of: matrix.blockCount, first: first, largest: largestChunk)
    }

    /// Keeps the nearest of `blocks` that are allowed. Blocks must come in order.
    mutating func scan(
        _ blocks: Range<Int>, of matrix: QuantizedMatrix, _ kernels: Kernels, _ buffers: ScanBuffers,
        where isAllowed: (Int32) throws -> Bool
    ) rethrows {
        let reach = heap.isFull ? coded.reach(farthest: heap.farthest) : .infinity
        var found = kernels.candidates(of: coded, in: matrix, blocks: blocks, within: reach, into: buffers.rows)
        // The last block's padding comes last.
        while found > 0, buffers.rows[found - 1] >= matrix.matrix.rows { found -= 1 }
        let rows = UnsafeBufferPointer(rebasing: buffers.rows[..<found])
        let squares = buffers.squares(found)
        kernels.gather(query, rows: rows, of: matrix.matrix, into: squares)
        for (row, square) in zip(rows, squares) {
            // Rows ascend, so one as far as the farthest kept loses the tie.
            if heap.isFull, square >= heap.farthest { continue }
            guard try isAllowed(row) else { continue }
            heap.offer(row: row, square: square)
        }
    }
}
