import Foundation
package import Kernels

/// Predicts what a user would rate an item, from a history and what a bundle holds.
///
/// Training and serving share it: the weights are fitted on features that this type computed. A profile costs
/// O(items + history · dimensions), a prediction O(neighbours + features²): microseconds both.
package struct RatingPredictor: Sendable {
    package let head: RatingHead
    package let encoder: UserEncoder
    private let itemVectors: FloatMatrix
    /// The mean item vector.
    private let center: [Double]
    /// The rows of the items that have a recommendation vector, ascending.
    package let ratedItems: [Int]
    private let groups: [String: Int]
    /// The years of release, ascending from the first one known.
    private let years: ClosedRange<Int>?

    /// - Parameters:
    ///   - encoder: with the rows of `head.items`.
    ///   - itemVectors: items × dimensions, the same rows.
    package init(head: RatingHead, encoder: UserEncoder, itemVectors: FloatMatrix) {
        precondition(head.items.rows == itemVectors.rows && head.neighbors.items == itemVectors.rows)
        precondition(encoder.encoder.rows == itemVectors.rows)
        self.head = head
        self.encoder = encoder
        self.itemVectors = itemVectors
        groups = Dictionary(uniqueKeysWithValues: zip(head.constants.groups, head.constants.groups.indices))
        var center = [Double](repeating: 0, count: itemVectors.columns)
        let rated = itemVectors.hasValues()
        let count = Double(max(rated.count { $0 }, 1))
        for row in 0..<itemVectors.rows where rated[row] {
            for column in center.indices { center[column] += Double(itemVectors[row, column]) / count }
        }
        self.center = center
        ratedItems = rated.indices.filter { rated[$0] }
        let known = (0..<head.items.rows).map { Int(head.items[$0, RatingHead.Column.year]) }.filter { $0 > 0 }
        years = known.min().map { $0...known.max()! }
    }

    private var geometry: Geometry { encoder.geometry }
    private var genreRows: FloatMatrix { encoder.genreRows }

    /// Nil for a bundle without a head.
    package init?(_ bundle: ModelBundle) {
        guard let head = bundle.ratingHead else { return nil }
        self.init(head: head, encoder: UserEncoder(bundle), itemVectors: bundle.itemVectors)
    }

    /// One rating of a history.
    package struct Rated: Sendable, Equatable {
        /// The item's row.
        package var row: Int
        package var value: Float

        package init(row: Int, value: Float) {
            self.row = row
            self.value = value
        }
    }

    /// What is known about a user: made once, asked for any number of items.
    package struct Profile: Sendable {
        /// By item row: r − μ − b_u − b_i, NaN where there is no rating.
        fileprivate var residuals: [Float]
        fileprivate var count = 0
        fileprivate var bias = 0.0
        fileprivate var deviation = 1.0
        /// By genre: the shrunken mean residual.
        fileprivate var genres: [Double]
        /// By year: the shrunken mean residual around it.
        fileprivate var years: [Double] = []
        fileprivate var groups: [Int] = []
        fileprivate var vector: [Float]?
        fileprivate var scoreMean = 0.0
        fileprivate var scoreDeviation = 1.0
    }

    /// Reads a history; an empty one is a user of whom nothing but the attributes is known.
    ///
    /// - Parameter attributes: those of the `CatalogueUser`; what is not known is left out.
    package func profile(_ history: [Rated], attributes: [String: String] = [:]) -> Profile {
        profile(history, groups: memberships(attributes))
    }

    /// The groups of the head that a user with these attributes belongs to; what a service keeps of them.
    package func memberships(_ attributes: [String: String]) -> [Int] {
        RatingGroups.names(attributes).compactMap { groups[$0] }
    }

    /// - Parameter groups: from `memberships`.
    package func profile(_ history: [Rated], groups: [Int]) -> Profile {
        let constants = head.constants
        var profile = Profile(
            residuals: [Float](repeating: .nan, count: head.items.rows),
            genres: [Double](repeating: 0, count: genreRows.columns))
        profile.groups = groups
        profile.count = history.count
        let raw = history.map { Double($0.value) - constants.mean - Double(head.items[$0.row, RatingHead.Column.bias]) }
        let shrunkCount = Double(history.count) + constants.userShrinkage
        profile.bias = raw.reduce(0, +) / shrunkCount
        let residuals = raw.map { $0 - profile.bias }
        profile.deviation =
            ((residuals.reduce(0) { $0 + $1 * $1 } + constants.userShrinkage) / shrunkCount).squareRoot()
        for (rated, residual) in zip(history, residuals) { profile.residuals[rated.row] = Float(residual) }
        profile.genres = genreMeans(history, residuals)
        profile.years = yearMeans(history, residuals)
        addVector(history, to: &profile)
        return profile
    }

    /// The rating that a user with this profile would give, always inside the scale.
    ///
    /// Without a history, or for an item without ratings, the weights would speak of what they have never seen:
    /// then it is μ + b_u + b_i, with 0 for an unknown bias.
    ///
    /// - Parameter item: its row, nil for one that the bundle does not know.
    package func predict(_ profile: Profile, item: Int?) -> Double {
        let constants = head.constants
        let itemBias = item.map { Double(head.items[$0, RatingHead.Column.bias]) } ?? 0
        guard let item, profile.count > 0, head.items[item, RatingHead.Column.logCount] > 0 else {
            return clipped(constants.mean + profile.bias + itemBias)
        }
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: RatingFeatures.count + 1) { values in
            values.initialize(repeating: 0)
            write(profile, item: item, to: values)
            RatingFeatures.standardize(values, constants.featureMeans, constants.featureDeviations)
            return clipped(RatingFeatures.weigh(values, constants.weights))
        }
    }

    /// Writes the features, unstandardised, in the order of `RatingFeatures`, to the first places of `target`.
    package func write(_ profile: Profile, item: Int, to target: UnsafeMutableBufferPointer<Double>) {
        typealias Column = RatingHead.Column
        target[0] = profile.bias
        target[1] = Double(head.items[item, Column.bias])
        target[2] = log(1 + Double(profile.count))
        target[3] = Double(head.items[item, Column.logCount])
        let coRated = sums(profile, .coRated, item)
        target[4] = coRated.residuals / (coRated.weights + 0.5)
        target[5] = log(1 + coRated.weights)
        let second = sums(profile, .secondOrder, item)
        target[6] = second.residuals / (second.weights + 0.05)
        let agreeing = sums(profile, .agreeing, item)
        target[7] = agreeing.residuals / (agreeing.weights + 0.3)
        target[8] = agreeing.squaredResiduals / (agreeing.squaredWeights + 0.05)
        target[9] = genreResidual(profile, item)
        let year = Int(head.items[item, Column.year])
        target[10] = years.map { $0.contains(year) ? profile.years[year - $0.lowerBound] : 0 } ?? 0
        target[11] = profile.groups.reduce(0) { $0 + Double(head.items[item, Column.firstGroup + $1]) }
        target[12] = profile.deviation
        target[13] = Double(head.items[item, Column.deviation])
        target[14] = score(profile, item: item)
    }

    private func clipped(_ rating: Double) -> Double {
        min(max(rating, head.constants.lowest), head.constants.highest)
    }
}

// MARK: - Parts of a profile

extension RatingPredictor {
    private func genreMeans(_ history: [Rated], _ residuals: [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: genreRows.columns)
        var counts = sums
        for (rated, residual) in zip(history, residuals) {
            for genre in sums.indices where genreRows[rated.row, genre] > 0 {
                sums[genre] += residual
                counts[genre] += 1
            }
        }
        return zip(sums, counts).map { $0 / ($1 + head.constants.profileShrinkage) }
    }

    /// Σ d^|y − y'| e / (Σ d^|y − y'| + shrinkage) for each year y: one pass up the years and one down.
    private func yearMeans(_ history: [Rated], _ residuals: [Double]) -> [Double] {
        guard let years else { return [] }
        var sums = [Double](repeating: 0, count: years.count)
        var counts = sums
        for (rated, residual) in zip(history, residuals) {
            let year = Int(head.items[rated.row, RatingHead.Column.year])
            guard years.contains(year) else { continue }
            sums[year - years.lowerBound] += residual
            counts[year - years.lowerBound] += 1
        }
        let smoothSums = smoothed(sums)
        let smoothCounts = smoothed(counts)
        return zip(smoothSums, smoothCounts).map { $0 / ($1 + head.constants.profileShrinkage) }
    }

    private func smoothed(_ values: [Double]) -> [Double] {
        let decay = head.constants.yearDecay
        var result = values
        for index in result.indices.dropFirst() { result[index] += decay * result[index - 1] }
        var above = 0.0
        for index in values.indices.reversed() {
            result[index] += above
            above = decay * (above + values[index])
        }
        return result
    }

    private func addVector(_ history: [Rated], to profile: inout Profile) {
        let entries = history.map { UserEncoder.Entry(row: $0.row, rating: $0.value) }
        guard let vector = encoder.encode(entries) else { return }
        let spectral = vector.prefix(geometry.spectralDimensions).map(Double.init)
        let genre = vector.dropFirst(geometry.spectralDimensions).prefix(geometry.genreDimensions)
            .map { Double($0) * geometry.itemGenreScale }
        let variance = quadratic(spectral, geometry.decoderCovariance) + quadratic(genre, geometry.genreCovariance)
        guard variance > 1e-24 else { return }
        profile.vector = vector
        profile.scoreMean = zip(vector, center).reduce(0) { $0 + Double($1.0) * $1.1 }
        profile.scoreDeviation = variance.squareRoot()
    }

    /// xᵀ C x.
    private func quadratic(_ vector: [Double], _ covariance: [Float]) -> Double {
        var sum = 0.0
        for row in vector.indices {
            for column in vector.indices {
                sum += vector[row] * vector[column] * Double(covariance[row * vector.count + column])
            }
        }
        return sum
    }
}

// MARK: - Parts of a prediction

extension RatingPredictor {
    private struct Sums {
        var weights = 0.0
        var residuals = 0.0
        var squaredWeights = 0.0
        var squaredResiduals = 0.0
    }

    /// Σ s and Σ s·e, and the same of s², over the item's neighbours in the history.
    private func sums(_ profile: Profile, _ kind: RatingNeighbors.Kind, _ item: Int) -> Sums {
        var sums = Sums()
        let range = head.neighbors.range(kind, of: item)
        head.neighbors.all.withUnsafeBufferPointer { all in
            profile.residuals.withUnsafeBufferPointer { residuals in
                for neighbor in all[range] {
                    guard neighbor.row >= 0 else { break }
                    let residual = residuals[Int(neighbor.row)]
                    guard !residual.isNaN else { continue }
                    let weight = Double(neighbor.similarity)
                    sums.weights += weight
                    sums.residuals += weight * Double(residual)
                    sums.squaredWeights += weight * weight
                    sums.squaredResiduals += weight * weight * Double(residual)
                }
            }
        }
        return sums
    }

    /// The mean of the profile over the item's genres.
    private func genreResidual(_ profile: Profile, _ item: Int) -> Double {
        var sum = 0.0
        var count = 0.0
        for genre in profile.genres.indices where genreRows[item, genre] > 0 {
            sum += profile.genres[genre]
            count += 1
        }
        return sum / max(count, 1)
    }

    /// The recommender's score, standardised over the items; 0 for a profile without a vector.
    package func score(_ profile: Profile, item: Int) -> Double {
        guard let vector = profile.vector else { return 0 }
        var product = 0.0
        for column in vector.indices { product += Double(vector[column]) * Double(itemVectors[item, column]) }
        return (product - profile.scoreMean) / profile.scoreDeviation
    }
}
