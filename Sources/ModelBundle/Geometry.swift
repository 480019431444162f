/// The space of the vectors, and the constants a user vector is computed with (`UserEncoder`).
///
/// Items and users share `dimensions` coordinates: first the spectral ones, then one for each genre, then the
/// augmentation. Source of the last: Bachrach et al., "Speeding up the Xbox recommender system using a Euclidean
/// transformation for inner-product spaces" (RecSys 2014).
package struct Geometry: Codable, Sendable, Equatable {
    package static let augmentedL2 = "l2-augmented"

    /// `l2-augmented`: the order of L2 distances is the order of the model's inner products.
    package var kind: String
    /// Columns of item and user vectors: spectralDimensions + genreDimensions + 1.
    package var dimensions: Int
    /// Columns of the similarity vectors.
    package var similarityDimensions: Int
    /// M, the norm of every item and user vector.
    package var maximumNorm: Double
    package var spectralDimensions: Int
    package var genreDimensions: Int
    /// s0, the mean norm of the decoder's rows; an item's genre part is s0 · its genre row.
    package var itemGenreScale: Double
    /// How much the genre part of a user vector weighs against the spectral one.
    package var userGenreWeight: Double
    /// Added to every sum of encoder rows: what to expect of a user of whom nothing is known yet;
    /// `spectralDimensions` values.
    package var prior: [Float]
    /// The mean genre row over all interactions; `genreDimensions` values.
    package var base: [Float]
    /// Cov(D), the decoder's covariance over the rated items; spectralDimensions², row after row.
    package var decoderCovariance: [Float]
    /// Cov(g), the genre rows' covariance over the rated items; genreDimensions², row after row.
    package var genreCovariance: [Float]

    package init(
        dimensions: Int, similarityDimensions: Int, maximumNorm: Double, spectralDimensions: Int,
        genreDimensions: Int, itemGenreScale: Double, userGenreWeight: Double, prior: [Float], base: [Float],
        decoderCovariance: [Float], genreCovariance: [Float]
    ) {
        kind = Geometry.augmentedL2
        self.dimensions = dimensions
        self.similarityDimensions = similarityDimensions
        self.maximumNorm = maximumNorm
        self.spectralDimensions = spectralDimensions
        self.genreDimensions = genreDimensions
        self.itemGenreScale = itemGenreScale
        self.userGenreWeight = userGenreWeight
        self.prior = prior
        self.base = base
        self.decoderCovariance = decoderCovariance
        self.genreCovariance = genreCovariance
    }

    /// Why these constants cannot be used, nil when they can.
    package var defect: String? {
        guard kind == Geometry.augmentedL2 else { return "geometry.kind is '\(kind)', not '\(Geometry.augmentedL2)'" }
        guard spectralDimensions > 0, genreDimensions >= 0, similarityDimensions > 0,
            dimensions == spectralDimensions + genreDimensions + 1
        else {
            return "geometry: \(dimensions) dimensions are not \(spectralDimensions) spectral"
                + " + \(genreDimensions) genre + 1"
        }
        guard maximumNorm.isFinite, maximumNorm > 0 else { return "geometry.maximumNorm is \(maximumNorm)" }
        guard itemGenreScale.isFinite, itemGenreScale >= 0, userGenreWeight.isFinite, userGenreWeight >= 0 else {
            return "geometry: a genre scale is negative or not finite"
        }
        guard prior.count == spectralDimensions, base.count == genreDimensions,
            decoderCovariance.count == spectralDimensions * spectralDimensions,
            genreCovariance.count == genreDimensions * genreDimensions
        else { return "geometry: prior, base or a covariance has the wrong number of values" }
        guard (prior + base + decoderCovariance + genreCovariance).allSatisfy(\.isFinite) else {
            return "geometry: prior, base or a covariance is not finite"
        }
        return nil
    }
}
