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
    package init(
        _ ratings: RatingMatrix, genreFlags: Matrix, _ parameters: Hyperparameters,
        solver: SpectralSolver = SpectralSolver()
    ) throws(TrainingError) {
        guard !ratings.entries.isEmpty else { throw .noRatings }
        let blocks = [
            (try SimilarityModel.likes(ratings, parameters, solver), 1.0),
            (try SimilarityModel.residuals(ratings, parameters, solver), parameters.residualWeight),
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
    private static func likes(
        _ ratings: RatingMatrix, _ parameters: Hyperparameters, _ solver: SpectralSolver
    ) throws(TrainingError) -> Matrix {
        var userCounts = [Double](repeating: 0, count: ratings.users)
        var itemCounts = [Double](repeating: 0, count: ratings.items)
        for entry in ratings.entries where entry.rating >= parameters.likeThreshold {
            userCounts[entry.user] += 1
            itemCounts[entry.item] += 1
        }
        let likes = try solver.factors(of: ratings, count: parameters.likeDimensions) { entry in
            guard entry.rating >= parameters.likeThreshold else { return 0 }
            return 1 / (userCounts[entry.user] * (itemCounts[entry.item] + parameters.likeShrinkage)).squareRoot()
        }
        return scaled(likes, exponent: 0.25)
    }

    /// V λ^½ of (r − μ − b_u − b_i) / √(n_i + 20).
    private static func residuals(
        _ ratings: RatingMatrix, _ parameters: Hyperparameters, _ solver: SpectralSolver
    ) throws(TrainingError) -> Matrix {
        let biases = RatingBiases(ratings, shrinkage: parameters.biasShrinkage)
        let residuals = try solver.factors(of: ratings, count: parameters.residualDimensions) { entry in
            (Double(entry.rating) - biases.expected(user: entry.user, item: entry.item))
                / (Double(ratings.itemCounts[entry.item]) + parameters.residualShrinkage).squareRoot()
        }
        return scaled(residuals, exponent: 0.5)
    }

    /// V λᵉ.
    private static func scaled(_ spectrum: SpectralFactors, exponent: Double) -> Matrix {
        var factors = spectrum.items
        let values = spectrum.eigenvalues
        factors.scaleColumns(
            by: (0..<factors.columns).map { $0 < values.count ? power(values[$0], exponent) : 0 })
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
