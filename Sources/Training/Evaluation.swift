import Foundation
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
    package func results(
        userVectors: FloatMatrix, itemVectors: FloatMatrix, test: [Rating], k: Int = 10, relevantFrom: Float = 1
    ) -> RankingResults {
        precondition(k > 0 && userVectors.columns == itemVectors.columns)
        let distances = SquaredDistances(from: Matrix(userVectors), to: Matrix(itemVectors))
        let answers = itemVectors.hasValues()
        let askers = userVectors.hasValues()
        return results(test: test, k: k, relevantFrom: relevantFrom) { user, isUnseen in
            guard askers[user] else { return [] }
            for item in answers.indices where !answers[item] { isUnseen[item] = false }
            return distances.nearest(to: user, among: isUnseen, count: k)
        }
    }

    /// The means of `results`.
    package func ranking(
        userVectors: FloatMatrix, itemVectors: FloatMatrix, test: [Rating], k: Int = 10, relevantFrom: Float = 1
    ) -> RankingMetrics {
        results(userVectors: userVectors, itemVectors: itemVectors, test: test, k: k, relevantFrom: relevantFrom)
            .metrics
    }

    /// Measures rankings that somebody else has made.
    ///
    /// - Parameter rankings: movie ids by user id, best first; a user who is missing gets none.
    package func results(
        rankings: [Int32: [Int32]], test: [Rating], k: Int = 10, relevantFrom: Float = 1
    ) -> RankingResults {
        let rows = Dictionary(uniqueKeysWithValues: zip(movies, movies.indices))
        return results(test: test, k: k, relevantFrom: relevantFrom) { user, _ in
            rankings[users[user], default: []].prefix(k).map { rows[$0]! }
        }
    }

    /// What everybody watches, for everybody: the baseline without a model. Ties go to the lower id.
    package func popularity(test: [Rating], k: Int = 10, relevantFrom: Float = 1) -> RankingResults {
        let order = seen.ratedItems.sorted { (-seen.itemCounts[$0], $0) < (-seen.itemCounts[$1], $1) }
        return results(test: test, k: k, relevantFrom: relevantFrom) { _, isUnseen in
            let unseen = isUnseen
            return Array(order.lazy.filter { unseen[$0] }.prefix(k))
        }
    }

    private func results(
        test: [Rating], k: Int, relevantFrom: Float, ranking: (_ user: Int, _ isUnseen: inout [Bool]) -> [Int]
    ) -> RankingResults {
        let wanted = RatingMatrix(test.filter { $0.value >= relevantFrom }, movies: movies, users: users)
        var results = RankingResults(information: information)
        for user in users.indices where !wanted.ranges[user].isEmpty {
            var isUnseen = [Bool](repeating: true, count: movies.count)
            for entry in seen.entries[seen.ranges[user]] { isUnseen[entry.item] = false }
            results.add(
                ranking(user, &isUnseen), relevant: Set(wanted.entries[wanted.ranges[user]].map(\.item)), k: k)
        }
        return results
    }

    /// By item row: −log2 of the share of training users who have it, as if one had an item that nobody has.
    private var information: [Double] {
        let trained = Double(max(seen.userCounts.count { $0 > 0 }, 1))
        return seen.itemCounts.map { log2(trained / Double(max($0, 1))) }
    }
}
