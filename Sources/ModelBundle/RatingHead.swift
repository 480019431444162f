package import Kernels

/// What a predicted rating is computed from besides the vectors: the parameters of `RatingPredictor`.
///
/// A ridge regression on the products of a few features, each of them a sum over the history that serving can make
/// in a microsecond. Nothing in it belongs to one user, so it serves users it was not trained with.
package struct RatingHead: Sendable {
    package var constants: Constants
    /// items × (4 + groups): bias b_i, ln(1 + ratings), deviation of the residuals, year of release (0 when unknown),
    /// then the mean residual that each group of users left on the item.
    package var items: FloatMatrix
    package var neighbors: RatingNeighbors

    package init(constants: Constants, items: FloatMatrix, neighbors: RatingNeighbors) {
        self.constants = constants
        self.items = items
        self.neighbors = neighbors
    }

    package struct Constants: Codable, Sendable, Equatable {
        package static let currentVersion = 1

        package var version = currentVersion
        /// The scale: a prediction is never outside.
        package var lowest: Double
        package var highest: Double
        /// μ.
        package var mean: Double
        /// What a user's bias and deviation are shrunk by, in ratings.
        package var userShrinkage: Double
        /// What a user's mean residual in a genre, or around a year, is shrunk by, in ratings.
        package var profileShrinkage: Double
        /// What a rating one year away counts for, 0…1; n years away, its nth power.
        package var yearDecay: Double
        /// Names as `RatingGroups` makes them, one for each column of `items` after the fourth.
        package var groups: [String]
        /// Of the features, over the ratings that the weights were fitted on.
        package var featureMeans: [Double]
        package var featureDeviations: [Double]
        /// Of the products of two features or of a feature with 1: the upper triangle, row after row.
        package var weights: [Double]
        /// What a star of predicted rating weighs against a deviation of the vectors' score when an answer is
        /// ordered by what the user would like; 0 leaves the order of the vectors.
        package var rerankWeight = 0.0

        package init(
            lowest: Double, highest: Double, mean: Double, userShrinkage: Double, profileShrinkage: Double,
            yearDecay: Double, groups: [String], featureMeans: [Double], featureDeviations: [Double], weights: [Double]
        ) {
            self.lowest = lowest
            self.highest = highest
            self.mean = mean
            self.userShrinkage = userShrinkage
            self.profileShrinkage = profileShrinkage
            self.yearDecay = yearDecay
            self.groups = groups
            self.featureMeans = featureMeans
            self.featureDeviations = featureDeviations
            self.weights = weights
        }
    }

    /// Columns of `items`.
    package enum Column {
        package static let bias = 0
        package static let logCount = 1
        package static let deviation = 2
        package static let year = 3
        package static let firstGroup = 4
    }
}
