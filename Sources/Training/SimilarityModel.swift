package import Kernels

/// Vectors for "movies like this one": unit norm, so that the order of L2 distances is that of cosines.
///
/// Three blocks, each normalised, weighted, concatenated, compressed by SVD and normalised again: who liked the movie
/// together with which others, who rated it above what was to be expected, and its genres. The augmented
/// recommendation vectors cannot serve here: their last coordinate makes rare movies neighbours of each other.
package struct SimilarityModel: Sendable {
    /// items × similarityDimensions; zero for an item nothing is known about.
    package let vectors: FloatMatrix

    /// - Parameter genreFlags: items × genres, 0 or 1.
    package init(_ ratings: RatingMatrix, genreFlags: Matrix, _ parameters: Hyperparameters) throws(TrainingError) {
        guard !ratings.entries.isEmpty else { throw .noRatings }
        try SizeLimit.check(users: ratings.users, movies: ratings.items)
        let blocks = [
            (try SimilarityModel.likes(ratings, parameters), 1.0),
            (try SimilarityModel.residuals(ratings, parameters), parameters.residualWeight),
            (genreFlags, parameters.genreWeight),
        ]
        var joined = Matrix(rows: ratings.items, columns: blocks.reduce(0) { $0 + $1.0.columns })
        var start = 0
        for (block, weight) in blocks {
            var block = block
            block.normalizeRows(to: weight)
            joined.forEachRow { index, row in
                for column in 0..<block.columns {
                    row[start + column] = block.values[index * block.columns + column]
                }
            }
            start += block.columns
        }
        joined.normalizeRows()
        vectors = try SimilarityModel.compressed(joined, to: parameters.similarityDimensions).floats
    }

    /// V λ^¼ of n_u^−½ (n_i + 10)^−½ L, where L marks the ratings of at least 4.
    private static func likes(_ ratings: RatingMatrix, _ parameters: Hyperparameters) throws(TrainingError) -> Matrix {
        var userCounts = [Double](repeating: 0, count: ratings.users)
        var itemCounts = [Double](repeating: 0, count: ratings.items)
        for entry in ratings.entries where entry.rating >= parameters.likeThreshold {
            userCounts[entry.user] += 1
            itemCounts[entry.item] += 1
        }
        let likes = ratings.dense { entry in
            guard entry.rating >= parameters.likeThreshold else { return 0 }
            return 1 / (userCounts[entry.user] * (itemCounts[entry.item] + parameters.likeShrinkage)).squareRoot()
        }
        return try scaledFactors(likes, count: parameters.likeDimensions, exponent: 0.25)
    }

    /// V λ^½ of (r − μ − b_u − b_i) / √(n_i + 20).
    private static func residuals(
        _ ratings: RatingMatrix, _ parameters: Hyperparameters
    ) throws(TrainingError) -> Matrix {
        let biases = RatingBiases(ratings, shrinkage: parameters.biasShrinkage)
        let residuals = ratings.dense { entry in
            (Double(entry.rating) - biases.expected(user: entry.user, item: entry.item))
                / (Double(ratings.itemCounts[entry.item]) + parameters.residualShrinkage).squareRoot()
        }
        return try scaledFactors(residuals, count: parameters.residualDimensions, exponent: 0.5)
    }

    private static func scaledFactors(
        _ matrix: Matrix, count: Int, exponent: Double
    ) throws(TrainingError) -> Matrix {
        let spectrum = try SpectralFactors(of: matrix, count: count)
        var factors = spectrum.items
        let values = spectrum.eigenvalues
        factors.scaleColumns(by: (0..<count).map { $0 < values.count ? power(values[$0], exponent) : 0 })
        return factors
    }

    /// The projection on the leading right singular vectors, normalised.
    private static func compressed(_ matrix: Matrix, to dimensions: Int) throws(TrainingError) -> Matrix {
        let eigen = try SymmetricEigen(of: BLAS.gram(ofColumns: matrix), count: dimensions)
        var result = BLAS.product(matrix, eigen.vectors).widened(to: dimensions)
        // What keeps less than a thousandth of its length is not described by the dimensions that are left.
        result.normalizeRows(floor: 1e-3)
        return result
    }
}
