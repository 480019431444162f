/// What a scan writes between reading rows and keeping the nearest; lives as long as the scan.
struct ScanBuffers {
    private let distances: UnsafeMutableBufferPointer<Float>
    private let places: UnsafeMutableBufferPointer<Int32>

    static func withBuffers<Result>(
        rows: Int, queries: Int, _ body: (ScanBuffers) throws -> Result
    ) rethrows -> Result {
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * queries) { distances in
            distances.initialize(repeating: 0)
            return try withUnsafeTemporaryAllocation(of: Int32.self, capacity: rows) { places in
                places.initialize(repeating: 0)
                return try body(ScanBuffers(distances: distances, places: places))
            }
        }
    }

    func squares(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(rebasing: distances[..<count])
    }

    /// Where rows' numbers are written.
    var rows: UnsafeMutableBufferPointer<Int32> { places }

    /// Places in `squares` of what is not as far as `limit`; valid until the next call.
    func select(
        _ squares: UnsafeBufferPointer<Float>, below limit: Float, _ kernels: Kernels
    ) -> UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(rebasing: places[..<kernels.select(squares, below: limit, into: places)])
    }
}
