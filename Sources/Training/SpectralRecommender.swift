package import Kernels
package import ModelBundle

/// Recommendation vectors: a spectral linear autoencoder in closed form, with a genre block.
///
/// With X the users × items ratings, w = `UserEncoder.weight`, n the counts (at least 1):
/// Xn = n_u^−.3 · n_i^−.3 · w;  Xn = Q √λ Vᵀ;  f = λ³ / (λ³ + λ_c³);
/// encoder E_i = n_i^−.4 · V_i ⊙ √f;  decoder D_i = n_i^+.3 · V_i ⊙ √f.
/// The prior of a user vector is `priorItems` · Σ n_i E_i / Σ n_i.
/// An item is [D_i, s0 · g_i, √(M² − ‖·‖²)]; a user is what `UserEncoder` makes of the history.
package struct SpectralRecommender: Sendable {
    package let geometry: Geometry
    /// Of the normalised ratings, descending, as many as there are spectral dimensions or, if it is lower, the rank.
    package let singularValues: [Double]
    /// items × spectralDimensions.
    package let encoder: FloatMatrix
    /// items × genres.
    package let genreRows: FloatMatrix
    /// items × dimensions; zero for an item without ratings.
    package let itemVectors: FloatMatrix
    /// users × dimensions; zero for a user without ratings.
    package let userVectors: FloatMatrix

    /// - Parameter genreFlags: items × genres, 0 or 1.
    package init(
        _ ratings: RatingMatrix, genreFlags: Matrix, _ parameters: Hyperparameters,
        solver: SpectralSolver = SpectralSolver()
    ) throws(TrainingError) {
        guard !ratings.entries.isEmpty else { throw .noRatings }
        let spectralDimensions = parameters.dimensions - genreFlags.columns - 1
        guard spectralDimensions >= 8 else {
            throw .tooManyGenres(genreFlags.columns, dimensions: parameters.dimensions)
        }
        let (factors, singularValues) = try SpectralRecommender.filteredFactors(
            ratings, spectralDimensions, parameters, solver)
        self.singularValues = singularValues
        var encoder = factors
        encoder.scaleRows(by: ratings.powers(ratings.itemCounts, -parameters.encoderExponent))
        var decoder = factors
        decoder.scaleRows(by: ratings.powers(ratings.itemCounts, parameters.decoderExponent))
        var genreRows = genreFlags
        genreRows.normalizeRows()

        let rated = ratings.ratedItems
        let ratedDecoder = decoder.selecting(rows: rated)
        let itemGenreScale = ratedDecoder.rowNorms().reduce(0, +) / Double(rated.count)
        var scaledGenres = genreRows
        scaledGenres.scaleRows(by: [Double](repeating: itemGenreScale, count: genreRows.rows))
        let (itemVectors, maximumNorm) = AugmentedVectors.make(decoder, scaledGenres, rated: rated)

        geometry = Geometry(
            dimensions: parameters.dimensions, similarityDimensions: parameters.similarityDimensions,
            maximumNorm: maximumNorm, spectralDimensions: spectralDimensions, genreDimensions: genreFlags.columns,
            itemGenreScale: itemGenreScale, userGenreWeight: parameters.userGenreWeight,
            prior: SpectralRecommender.mean(encoder, over: ratings).map { Float(parameters.priorItems * $0) },
            base: SpectralRecommender.mean(genreRows, over: ratings).map(Float.init),
            decoderCovariance: ratedDecoder.covariance().values.map(Float.init),
            genreCovariance: genreRows.selecting(rows: rated).covariance().values.map(Float.init))
        self.encoder = encoder.floats
        self.genreRows = genreRows.floats
        self.itemVectors = itemVectors.floats
        // From the rounded encoder, as everyone else will: a vector recomputed later is the same to the last bit.
        userVectors = SpectralRecommender.encodeAll(
            ratings, UserEncoder(geometry: geometry, encoder: self.encoder, genreRows: self.genreRows),
            dimensions: parameters.dimensions, workers: solver.workers)
    }

    /// V ⊙ √f, items × spectralDimensions, and √λ.
    private static func filteredFactors(
        _ ratings: RatingMatrix, _ dimensions: Int, _ parameters: Hyperparameters, _ solver: SpectralSolver
    ) throws(TrainingError) -> (Matrix, singularValues: [Double]) {
        let userScale = ratings.powers(ratings.userCounts, -parameters.userExponent)
        let itemScale = ratings.powers(ratings.itemCounts, -parameters.itemExponent)
        let spectrum = try solver.factors(of: ratings, count: dimensions) { entry in
            userScale[entry.user] * itemScale[entry.item] * UserEncoder.weight(rating: entry.rating)
        }
        let values = spectrum.eigenvalues
        // Data of a lower rank than the cut is cut at its last eigenvalue.
        let cut = power(values[min(parameters.filterCut, values.count) - 1], parameters.filterPower)
        var factors = spectrum.items
        factors.scaleColumns(
            by: (0..<factors.columns).map { column in
                guard column < values.count else { return 0 }
                let value = power(values[column], parameters.filterPower)
                return (value / (value + cut)).squareRoot()
            })
        return (factors, values.map { $0.squareRoot() })
    }

    /// Σ n_i x_i / Σ n_i.
    private static func mean(_ rows: Matrix, over ratings: RatingMatrix) -> [Double] {
        var sum = [Double](repeating: 0, count: rows.columns)
        for row in 0..<rows.rows where ratings.itemCounts[row] > 0 {
            let weight = Double(ratings.itemCounts[row]) / Double(ratings.entries.count)
            for column in 0..<rows.columns { sum[column] += weight * rows[row, column] }
        }
        return sum
    }

    private static func encodeAll(
        _ ratings: RatingMatrix, _ encoder: UserEncoder, dimensions: Int, workers: Int
    ) -> FloatMatrix {
        let parts = Parallel.ranges(ofEqualCost: [0] + ratings.ranges.map(\.upperBound), parts: 64)
        return FloatMatrix(rows: ratings.users, columns: dimensions) { target in
            let target = SharedBuffer(target)
            Parallel.forEach(parts: parts.count, workers: workers) { part in
                for user in parts[part] {
                    let history = ratings.entries[ratings.ranges[user]]
                        .map { UserEncoder.Entry(row: $0.item, rating: $0.rating) }
                    guard let vector = encoder.encode(history) else { continue }
                    for column in 0..<dimensions { target.elements[user * dimensions + column] = vector[column] }
                }
            }
        }
    }
}
