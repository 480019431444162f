import MovieLens

/// A tall matrix of 16 columns: the block that a Krylov method multiplies at once.
///
/// Sixteen, because one stored entry then costs two cache lines of useful arithmetic instead of one number of each.
struct Panel: Sendable {
    typealias Row = SIMD16<Double>
    static let width = Row.scalarCount

    var rows: [Row]

    init(rows count: Int) {
        rows = [Row](repeating: .zero, count: count)
    }

    /// Roughly normal entries.
    init(rows count: Int, random: inout SplitMix64) {
        self.init(rows: count)
        for row in 0..<count {
            for column in 0..<Panel.width { rows[row][column] = random.bell() }
        }
    }

    /// PᵀP, 16 × 16.
    func gram() -> Matrix {
        var result = Matrix(rows: Panel.width, columns: Panel.width)
        withElements { elements in
            result.values.withUnsafeMutableBufferPointer {
                BLAS.multiply(
                    elements.baseAddress!, transposed: true, elements.baseAddress!, into: $0.baseAddress!,
                    rows: Panel.width, depth: rows.count, columns: Panel.width)
            }
        }
        return result
    }

    func withElements<Result>(_ body: (UnsafeBufferPointer<Double>) throws -> Result) rethrows -> Result {
        try rows.withUnsafeBytes { try body($0.bindMemory(to: Double.self)) }
    }

    mutating func withMutableElements<Result>(
        _ body: (UnsafeMutableBufferPointer<Double>) throws -> Result
    ) rethrows -> Result {
        try rows.withUnsafeMutableBytes { try body($0.bindMemory(to: Double.self)) }
    }
}
