package import Kernels
import ModelBundle
package import MovieLens

/// The protocol of the published `recommenders` benchmark, on vectors in the order of L2 distance.
package struct Evaluation: Sendable {
    private let movies: [Int32]
    private let users: [Int32]
    private let seen: RatingMatrix

    /// - Parameter train: the catalogue, and the ratings whose items are not to be recommended again.
    package init(train: Dataset) {
        movies = train.movies.map(\.id)
        users = train.users.map(\.id)
        seen = RatingMatrix(train)
    }

    /// Ranks every item a user has not seen by distance, ties by id, and compares the first k with the test items.
    ///
    /// Rows that are all zero have no vector: such an item is never an answer, and such a user gets none, which counts
    /// as no hit. O(users · items · dimensions).
    ///
    /// - Parameters:
    ///   - userVectors: users × d; `itemVectors`: items × d; rows of the training data set's users and movies.
    ///   - relevantFrom: only test ratings of at least this many stars count as relevant; by default all do.
    package func ranking(
        userVectors: FloatMatrix, itemVectors: FloatMatrix, test: [Rating], k: Int = 10, relevantFrom: Float = 1
    ) -> RankingMetrics {
        precondition(k > 0 && userVectors.columns == itemVectors.columns)
        let wanted = RatingMatrix(test.filter { $0.value >= relevantFrom }, movies: movies, users: users)
        let distances = SquaredDistances(from: Matrix(userVectors), to: Matrix(itemVectors))
        let answers = itemVectors.hasValues()
        let askers = userVectors.hasValues()
        var metrics = RankingMetrics()
        for user in users.indices where !wanted.ranges[user].isEmpty {
            var isCandidate = answers
            for entry in seen.entries[seen.ranges[user]] { isCandidate[entry.item] = false }
            let nearest = askers[user] ? distances.nearest(to: user, among: isCandidate, count: k) : []
            metrics.add(nearest, relevant: Set(wanted.entries[wanted.ranges[user]].map(\.item)), k: k)
        }
        return metrics.averaged()
    }
}
