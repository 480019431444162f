/// The leading right singular vectors of a users × items matrix.
package struct SpectralFactors {
    /// λ, the squared singular values, descending; fewer than asked for when the rank is lower.
    package let eigenvalues: [Double]
    /// V, items × asked count; columns beyond the rank are zero.
    package let items: Matrix

    /// Solves the Gram matrix of the smaller side: A Aᵀ = Q λ Qᵀ and V = Aᵀ Q λ^−½, or Aᵀ A = V λ Vᵀ.
    package init(of matrix: Matrix, count: Int) throws(TrainingError) {
        let byUsers = matrix.rows <= matrix.columns
        let gram = byUsers ? BLAS.gram(ofRows: matrix) : BLAS.gram(ofColumns: matrix)
        let eigen = try SymmetricEigen(of: gram, count: count)
        let vectors = byUsers ? BLAS.product(matrix, transposingA: true, eigen.vectors) : eigen.vectors
        self.init(eigen.values, vectors, areScaled: byUsers, count: count)
    }

    /// The same from the entries alone, by `BlockKrylov` on the smaller side.
    package init(of matrix: SparseMatrix, count: Int, workers: Int = 1) throws(TrainingError) {
        let byUsers = matrix.rows <= matrix.columns
        let eigen = try BlockKrylov(of: matrix, side: byUsers ? .rows : .columns, count: count, workers: workers)
        let vectors = byUsers ? matrix.transposedProduct(eigen.vectors, workers: workers) : eigen.vectors
        self.init(eigen.values, vectors, areScaled: byUsers, count: count)
    }

    /// - Parameter areScaled: whether the columns have norm √λ instead of 1.
    private init(_ values: [Double], _ vectors: Matrix, areScaled: Bool, count: Int) {
        // Below this, an eigenvalue is rounding of zero and its vector means nothing.
        let floor = max(values.first ?? 0, 0) * 1e-10
        let rank = values.count { $0 > floor }
        eigenvalues = Array(values.prefix(rank))
        var vectors = vectors
        vectors.scaleColumns(
            by: values.enumerated().map { index, value in
                index < rank ? (areScaled ? 1 / value.squareRoot() : 1) : 0
            })
        items = vectors.widened(to: count)
    }
}

extension Matrix {
    /// The same columns followed by zero ones.
    func widened(to count: Int) -> Matrix {
        guard count > columns else { return self }
        var result = Matrix(rows: rows, columns: count)
        result.forEachRow { index, row in
            for column in 0..<columns { row[column] = values[index * columns + column] }
        }
        return result
    }
}
