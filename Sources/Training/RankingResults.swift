import MovieLens

/// Every user's scores and how often each item was shown: what metrics and their uncertainty are computed from.
package struct RankingResults: Sendable {
    /// One for each user with test items.
    package private(set) var scores: [UserScores] = []
    /// By item row: in how many rankings it appears.
    package private(set) var appearances: [Int]
    /// By item row: −log2 of the share of training users who have it.
    private let information: [Double]

    /// - Parameter information: by item row, in bits.
    init(information: [Double]) {
        self.information = information
        appearances = [Int](repeating: 0, count: information.count)
    }

    /// Adds one user's ranking of at most k items.
    mutating func add(_ ranking: [Int], relevant: Set<Int>, k: Int) {
        scores.append(UserScores(ranking, relevant: relevant, k: k))
        for item in ranking { appearances[item] += 1 }
    }

    /// Adds the results of other users on the same catalogue.
    package mutating func add(_ other: RankingResults) {
        precondition(other.appearances.count == appearances.count)
        scores += other.scores
        for item in appearances.indices { appearances[item] += other.appearances[item] }
    }

    package var metrics: RankingMetrics {
        var metrics = RankingMetrics()
        metrics.users = scores.count
        guard !scores.isEmpty else { return metrics }
        var sum = UserScores.zero
        for score in scores { sum += score }
        metrics.means = sum / Double(scores.count)
        let places = appearances.reduce(0, +)
        guard places > 0 else { return metrics }
        metrics.coverage = Double(appearances.count { $0 > 0 }) / Double(appearances.count)
        metrics.gini = RankingResults.gini(appearances)
        metrics.novelty = zip(appearances, information).reduce(0) { $0 + Double($1.0) * $1.1 } / Double(places)
        return metrics
    }

    private static func gini(_ counts: [Int]) -> Double {
        var weighted = 0
        for (rank, count) in counts.sorted().enumerated() { weighted += (2 * rank + 1 - counts.count) * count }
        return Double(weighted) / (Double(counts.count) * Double(counts.reduce(0, +)))
    }

    /// Where the mean over other users of the same kind would lie.
    package struct Interval: Sendable, Equatable, Codable {
        package let low: Double
        package let high: Double
    }

    /// 95 % percentile intervals of the means over users, by the names of `RankingMetrics.named`; empty without users.
    ///
    /// Source: the percentile bootstrap, Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13:
    /// users are drawn with replacement, as many as there are. O(samples · users).
    package func intervals(samples: Int = 1_000, seed: UInt64 = 42) -> [String: Interval] {
        precondition(samples > 0)
        guard !scores.isEmpty else { return [:] }
        var random = SplitMix64(seed: seed)
        let means = (0..<samples).map { _ in
            var sum = UserScores.zero
            for _ in scores.indices { sum += scores[random.below(scores.count)] }
            return sum / Double(scores.count)
        }
        let tail = Int(0.025 * Double(samples))
        var intervals: [String: Interval] = [:]
        for (name, path) in UserScores.measures {
            let sorted = means.map { $0[keyPath: path] }.sorted()
            intervals[name] = Interval(low: sorted[tail], high: sorted[samples - 1 - tail])
        }
        return intervals
    }
}
