package import Kernels

/// Computes a user vector from a history: the fold-in of the spectral recommender.
///
/// Training and serving share it, so a vector recomputed from the same history is the same vector, and a new user,
/// a list of likes or a fresh rating needs no retraining. It needs only what a bundle (or a generation) holds.
///
/// With history h, weights w, encoder rows E, genre rows g, and `Geometry`'s constants:
/// S = S₀ + Σ wᵢ Eᵢ;  P = mean(gᵢ) − base;  G = ω · √(SᵀCov(D)S) / (√(PᵀCov(g)P) · s0) · P;
/// the vector is [S, G, 0], rescaled to norm M. The prior S₀ keeps a short history from meaning more than it says: it
/// counts like a few items that everybody watches.
///
/// What is disliked has a negative weight: its encoder row is taken off the sum, and its genres are not in the mean.
package struct UserEncoder: Sendable {
    package let geometry: Geometry
    package let encoder: FloatMatrix
    package let genreRows: FloatMatrix

    /// - Parameters:
    ///   - encoder: items × spectralDimensions.
    ///   - genreRows: items × genreDimensions.
    package init(geometry: Geometry, encoder: FloatMatrix, genreRows: FloatMatrix) {
        precondition(encoder.columns == geometry.spectralDimensions && genreRows.columns == geometry.genreDimensions)
        precondition(encoder.rows == genreRows.rows)
        self.geometry = geometry
        self.encoder = encoder
        self.genreRows = genreRows
    }

    package init(_ bundle: ModelBundle) {
        self.init(geometry: bundle.manifest.geometry, encoder: bundle.encoder, genreRows: bundle.genreRows)
    }

    /// One item that a user has met.
    package struct Entry: Sendable, Equatable {
        /// The row of the item in the encoder.
        package var row: Int
        package var weight: Double

        /// - Parameter weight: 1 where there is no rating.
        package init(row: Int, weight: Double = 1) {
            self.row = row
            self.weight = weight
        }

        /// - Parameter rating: 1…5 stars.
        package init(row: Int, rating: Float) {
            self.init(row: row, weight: UserEncoder.weight(rating: rating))
        }

        var isLiked: Bool { weight > 0 }
    }

    /// 1 + 0.2 (r − 3.5) / 1.5: a watched movie counts even when it was not liked, a liked one somewhat more.
    package static func weight(rating: Float) -> Double {
        1 + 0.2 * (Double(rating) - 3.5) / 1.5
    }

    /// The user vector, or nil when the history says nothing: it is empty, or names only items without an encoder row.
    ///
    /// - Returns: `geometry.dimensions` values of norm M, the last one 0. O(history · dimensions + dimensions²).
    package func encode(_ history: [Entry]) -> [Float]? {
        guard let parts = parts(history) else { return nil }
        return parts.whole.map { Float($0 * parts.scale) }
    }

    /// [S, G, 0] before it is rescaled, and the two scales that depend on the history.
    struct Parts {
        let whole: [Double]
        /// What rescales the whole to norm M.
        let scale: Double
        /// G is so many times P.
        let genreScale: Double
    }

    func parts(_ history: [Entry]) -> Parts? {
        guard let spectral = spectralSum(history) else { return nil }
        let profile = genreProfile(history)
        let spectralSpread = deviation(spectral, geometry.decoderCovariance)
        let genreSpread = deviation(profile, geometry.genreCovariance) * geometry.itemGenreScale
        // A history that mirrors the base has no genre direction; then the spectral part speaks alone.
        let genreScale = genreSpread > 1e-12 ? geometry.userGenreWeight * spectralSpread / genreSpread : 0
        let whole = spectral + profile.map { $0 * genreScale } + [0]
        var norm = 0.0
        for value in whole { norm += value * value }
        norm.formSquareRoot()
        guard norm > 1e-12 else { return nil }
        return Parts(whole: whole, scale: geometry.maximumNorm / norm, genreScale: genreScale)
    }

    /// S, or nil when no item of the history has an encoder row: the prior alone is nobody's taste.
    private func spectralSum(_ history: [Entry]) -> [Double]? {
        var sum = [Double](repeating: 0, count: geometry.spectralDimensions)
        sum.withUnsafeMutableBufferPointer { sum in
            for entry in history {
                encoder[entry.row].withUnsafeBufferPointer { row in
                    for column in 0..<row.count { sum[column] += entry.weight * Double(row[column]) }
                }
            }
        }
        guard sum.contains(where: { $0 != 0 }) else { return nil }
        for column in sum.indices { sum[column] += Double(geometry.prior[column]) }
        return sum
    }

    /// Mean genre row of what is not disliked, less the base; zero where there is none.
    private func genreProfile(_ history: [Entry]) -> [Double] {
        var profile = [Double](repeating: 0, count: geometry.genreDimensions)
        let liked = history.filter(\.isLiked)
        guard !liked.isEmpty else { return profile }
        profile.withUnsafeMutableBufferPointer { profile in
            for entry in liked {
                genreRows[entry.row].withUnsafeBufferPointer { row in
                    for column in 0..<row.count { profile[column] += Double(row[column]) }
                }
            }
        }
        return profile.enumerated().map { $0.element / Double(liked.count) - Double(geometry.base[$0.offset]) }
    }

    /// √(xᵀ C x): how much scores spread over the items along `vector`.
    private func deviation(_ vector: [Double], _ covariance: [Float]) -> Double {
        let count = vector.count
        var sum = 0.0
        vector.withUnsafeBufferPointer { vector in
            covariance.withUnsafeBufferPointer { covariance in
                for row in 0..<count {
                    var product = 0.0
                    for column in 0..<count { product += Double(covariance[row * count + column]) * vector[column] }
                    sum += vector[row] * product
                }
            }
        }
        return max(sum, 0).squareRoot()
    }
}
