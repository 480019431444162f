/// A row-major matrix of doubles.
package struct Matrix: Sendable, Equatable {
    package let rows: Int
    package let columns: Int
    package var values: [Double]

    package init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        values = [Double](repeating: 0, count: rows * columns)
    }

    package subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    /// Lets `body` rewrite each row in place.
    mutating func forEachRow(_ body: (_ row: Int, UnsafeMutableBufferPointer<Double>) -> Void) {
        values.withUnsafeMutableBufferPointer { all in
            for row in 0..<rows {
                body(row, UnsafeMutableBufferPointer(rebasing: all[row * columns..<(row + 1) * columns]))
            }
        }
    }

    /// Multiplies each column by its factor.
    mutating func scaleColumns(by factors: [Double]) {
        forEachRow { _, row in
            for column in 0..<row.count { row[column] *= factors[column] }
        }
    }

    /// Multiplies each row by its factor.
    mutating func scaleRows(by factors: [Double]) {
        forEachRow { index, row in
            for column in 0..<row.count { row[column] *= factors[index] }
        }
    }

    /// Gives each row the norm `norm`; rows shorter than `floor` become zero, for their direction is rounding.
    mutating func normalizeRows(to norm: Double = 1, floor: Double = 1e-12) {
        forEachRow { _, row in
            let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let factor = length > floor ? norm / length : 0
            for column in 0..<row.count { row[column] *= factor }
        }
    }

    func rowNorms() -> [Double] {
        values.withUnsafeBufferPointer { all in
            (0..<rows).map { row in
                var sum = 0.0
                for position in row * columns..<(row + 1) * columns { sum += all[position] * all[position] }
                return sum.squareRoot()
            }
        }
    }

    /// The given rows, in that order.
    func selecting(rows selected: [Int]) -> Matrix {
        var result = Matrix(rows: selected.count, columns: columns)
        result.forEachRow { index, row in
            for column in 0..<columns { row[column] = values[selected[index] * columns + column] }
        }
        return result
    }

    /// The covariance of the columns over the rows, columns × columns; zero for fewer than two rows.
    func covariance() -> Matrix {
        guard rows > 1 else { return Matrix(rows: columns, columns: columns) }
        var means = [Double](repeating: 0, count: columns)
        for row in 0..<rows {
            for column in 0..<columns { means[column] += values[row * columns + column] / Double(rows) }
        }
        var centred = self
        centred.forEachRow { _, row in
            for column in 0..<row.count { row[column] -= means[column] }
        }
        var result = BLAS.gram(ofColumns: centred)
        let factor = 1 / Double(rows - 1)
        result.forEachRow { _, row in
            for column in 0..<row.count { row[column] *= factor }
        }
        return result
    }
}
