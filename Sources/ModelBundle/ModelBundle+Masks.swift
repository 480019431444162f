package import Kernels

extension ModelBundle {
    /// By item row: false for an item nobody has rated, whose recommendation vector is NULL in the database.
    package var hasRecommendationVector: [Bool] { itemVectors.hasValues() }

    /// By item row: false for an item nothing is known about.
    package var hasSimilarityVector: [Bool] { similarity.hasValues() }

    /// By user row: false for a user without a history.
    package var hasUserVector: [Bool] { userVectors.hasValues() }
}

extension FloatMatrix {
    /// By row: whether any element differs from zero. O(rows · columns) at worst, O(rows) when few rows are zero.
    package func hasValues() -> [Bool] {
        withUnsafeBufferPointer { all in
            (0..<rows).map { row in
                var position = row * columns
                let end = position + columns
                while position < end, all[position] == 0 { position += 1 }
                return position < end
            }
        }
    }

    /// The indices of the rows that are all zero, ascending.
    package func zeroRows() -> [Int] {
        hasValues().enumerated().filter { !$0.element }.map(\.offset)
    }
}
