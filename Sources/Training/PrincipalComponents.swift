package import Kernels

/// The directions in which the rows of a matrix differ most.
package struct PrincipalComponents: Sendable {
    /// rows × count: each row's coordinates along those directions, the mean row at the origin.
    package let coordinates: Matrix
    /// By direction: its share of the whole variance, 0…1, descending.
    package let shares: [Double]

    /// Source: Pearson, "On lines and planes of closest fit to systems of points in space" (1901).
    ///
    /// - Parameters:
    ///   - rows: the rows to look at, at least one.
    ///   - count: how many directions, at most the columns.
    package init(of matrix: FloatMatrix, rows: [Int], count: Int) throws(TrainingError) {
        precondition(!rows.isEmpty && count > 0 && count <= matrix.columns)
        var centred = Matrix(matrix).selecting(rows: rows)
        var means = [Double](repeating: 0, count: centred.columns)
        centred.forEachRow { _, row in
            for column in 0..<row.count { means[column] += row[column] / Double(rows.count) }
        }
        centred.forEachRow { _, row in
            for column in 0..<row.count { row[column] -= means[column] }
        }
        let scatter = BLAS.gram(ofColumns: centred)
        let total = (0..<scatter.rows).reduce(0) { $0 + scatter[$1, $1] }
        let eigen = try SymmetricEigen(of: scatter, count: count)
        coordinates = BLAS.product(centred, eigen.vectors)
        shares = eigen.values.map { total > 0 ? max($0, 0) / total : 0 }
    }
}
