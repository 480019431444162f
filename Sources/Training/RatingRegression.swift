import ModelBundle

/// Ridge regression of ratings on the products of standardised features.
struct RatingRegression {
    let means: [Double]
    let deviations: [Double]
    let weights: [Double]

    /// - Parameters:
    ///   - features: ratings × `RatingFeatures.count`, unstandardised, made without the rating itself.
    ///   - ratings: the targets, one for each row.
    ///   - ridge: added to the diagonal of the normal equations.
    init(features: Matrix, ratings: [Double], ridge: Double) {
        precondition(features.columns == RatingFeatures.count && features.rows == ratings.count)
        let (means, deviations) = RatingRegression.moments(features)
        let size = RatingFeatures.products
        var gram = Matrix(rows: size, columns: size)
        var target = [Double](repeating: 0, count: size)
        let block = 4_096
        for start in stride(from: 0, to: features.rows, by: block) {
            let rows = min(block, features.rows - start)
            var expanded = Matrix(rows: rows, columns: size)
            var values = [Double](repeating: 0, count: RatingFeatures.count + 1)
            expanded.forEachRow { row, products in
                values.withUnsafeMutableBufferPointer { values in
                    for column in 0..<RatingFeatures.count { values[column] = features[start + row, column] }
                    RatingFeatures.standardize(values, means, deviations)
                    RatingFeatures.expand(values, into: products)
                }
                for column in 0..<size { target[column] += products[column] * ratings[start + row] }
            }
            let part = BLAS.gram(ofColumns: expanded)
            for index in gram.values.indices { gram.values[index] += part.values[index] }
        }
        for index in 0..<size { gram[index, index] += ridge }
        self.means = means
        self.deviations = deviations
        weights = RatingRegression.solve(gram, target)
    }

    private static func moments(_ features: Matrix) -> (means: [Double], deviations: [Double]) {
        let count = Double(max(features.rows, 1))
        var means = [Double](repeating: 0, count: features.columns)
        for row in 0..<features.rows {
            for column in means.indices { means[column] += features[row, column] / count }
        }
        var squares = [Double](repeating: 0, count: features.columns)
        for row in 0..<features.rows {
            for column in means.indices {
                let difference = features[row, column] - means[column]
                squares[column] += difference * difference / count
            }
        }
        // A feature that never changes says nothing, whatever it is divided by.
        return (means, squares.map { $0 > 1e-24 ? $0.squareRoot() : 1 })
    }

    /// A x = b for a symmetric positive definite A, by Cholesky factors.
    private static func solve(_ matrix: Matrix, _ right: [Double]) -> [Double] {
        var factor = matrix
        var solution = right
        let size = right.count
        for column in 0..<size {
            for row in column..<size {
                var sum = factor[row, column]
                for inner in 0..<column { sum -= factor[row, inner] * factor[column, inner] }
                // The ridge keeps the pivots positive: A is a Gram matrix plus a positive diagonal.
                factor[row, column] = row == column ? sum.squareRoot() : sum / factor[column, column]
            }
        }
        for row in 0..<size {
            for inner in 0..<row { solution[row] -= factor[row, inner] * solution[inner] }
            solution[row] /= factor[row, row]
        }
        for row in (0..<size).reversed() {
            for inner in row + 1..<size { solution[row] -= factor[inner, row] * solution[inner] }
            solution[row] /= factor[row, row]
        }
        return solution
    }
}
