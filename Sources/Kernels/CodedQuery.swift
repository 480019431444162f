import CKernels

/// A query in the codes of a `QuantizedMatrix`.
struct CodedQuery {
    private let codes: [Int8]
    private let twiceScale: Float
    private let loweredSquare: Float
    private let error: Double

    /// nil when the query is not finite or so long that squares of single precision overflow: no bound holds then. Nor
    /// has a query without dimensions a code.
    init?(_ query: UnsafeBufferPointer<Float>, for matrix: QuantizedMatrix) {
        guard !query.isEmpty else { return nil }
        var code = RowCode(columns: query.count)
        code.encode(query, centre: matrix.centre)
        guard code.square <= QuantizedMatrix.largestSquare else { return nil }
        codes = code.codes + Array(repeating: 0, count: 4 * matrix.groups - query.count)
        twiceScale = 2 * code.scale
        // Products of tiny scales lose up to 2⁻¹⁵⁰ each; with any codes that is less than 1e-36 in all.
        loweredSquare = (code.square - 1e-36).loweredForRounding
        error = code.error
    }

    /// How far from the coded query, less a row's own error, a row may lie whose computed squared distance could be
    /// `farthest` or less.
    func reach(farthest: Float) -> Float {
        guard farthest.isFinite else { return .infinity }
        // The computed sum is within (columns + 8) · 2⁻²⁴ of the exact one; each square may lose 2⁻¹⁴⁸ near zero.
        let columns = Double(codes.count)
        let square = (Double(farthest) + columns * 0x1p-148) / (1 - (columns + 8) * 0x1p-24)
        return (square.squareRoot() + error).raised
    }

    func withCoded<Result>(_ body: (UnsafePointer<kindred_coded_query>) throws -> Result) rethrows -> Result {
        try codes.withUnsafeBufferPointer { codes in
            var coded = kindred_coded_query(
                codes: codes.baseAddress!, groups: codes.count / 4, twice_scale: twiceScale,
                lowered_square: loweredSquare)
            return try body(&coded)
        }
    }
}
