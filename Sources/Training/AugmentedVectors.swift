/// Turns maximum inner product into nearest neighbour by one more coordinate.
///
/// Source: Bachrach et al., "Speeding up the Xbox recommender system using a Euclidean transformation for inner-product
/// spaces" (RecSys 2014). For items of equal norm M, ‖u − v‖² = ‖u‖² + M² − 2⟨u, v⟩: the same order.
enum AugmentedVectors {
    /// Puts the blocks beside each other and adds √(M² − ‖v‖²).
    ///
    /// - Parameter rated: the rows that can be recommended; the others become zero and have no part in M.
    /// - Returns: the vectors, and M = max ‖v‖.
    static func make(_ left: Matrix, _ right: Matrix, rated: [Int]) -> (vectors: Matrix, maximumNorm: Double) {
        var vectors = Matrix(rows: left.rows, columns: left.columns + right.columns + 1)
        let last = vectors.columns - 1
        var squares = [Double](repeating: 0, count: left.rows)
        for row in rated {
            for column in 0..<left.columns { vectors[row, column] = left[row, column] }
            for column in 0..<right.columns { vectors[row, left.columns + column] = right[row, column] }
            for column in 0..<last { squares[row] += vectors[row, column] * vectors[row, column] }
        }
        let largest = squares.max() ?? 0
        for row in rated { vectors[row, last] = (largest - squares[row]).squareRoot() }
        return (vectors, largest.squareRoot())
    }
}
