import Foundation

/// How well a ranking finds what users went on to watch: means over the users with test items.
package struct RankingMetrics: Sendable, Equatable {
    /// Binary relevance, ideal gain over min(k, n_test).
    package var ndcg = 0.0
    /// Hits / n_test.
    package var recall = 0.0
    /// Hits / k.
    package var precision = 0.0
    /// Σ precision at hits / n_test.
    package var map = 0.0
    /// Σ precision at hits / min(k, n_test).
    package var mapAtK = 0.0
    /// Users with at least one test item.
    package var users = 0

    package init() {}

    /// Adds one user's results.
    ///
    /// - Parameters:
    ///   - ranking: at most k items, best first.
    ///   - relevant: the user's test items, not empty.
    mutating func add(_ ranking: [Int], relevant: Set<Int>, k: Int) {
        var gain = 0.0
        var hits = 0
        var precisions = 0.0
        for (position, item) in ranking.enumerated() where relevant.contains(item) {
            hits += 1
            gain += RankingMetrics.discount(position)
            precisions += Double(hits) / Double(position + 1)
        }
        let ideal = (0..<min(k, relevant.count)).reduce(0) { $0 + RankingMetrics.discount($1) }
        ndcg += gain / ideal
        recall += Double(hits) / Double(relevant.count)
        precision += Double(hits) / Double(k)
        map += precisions / Double(relevant.count)
        mapAtK += precisions / Double(min(k, relevant.count))
        users += 1
    }

    /// The sums divided by the number of users.
    func averaged() -> RankingMetrics {
        guard users > 0 else { return self }
        var result = self
        for path in [\RankingMetrics.ndcg, \.recall, \.precision, \.map, \.mapAtK] {
            result[keyPath: path] /= Double(users)
        }
        return result
    }

    /// By the names of the published benchmark.
    package var named: [String: Double] {
        [
            "ndcg": ndcg, "recall": recall, "precision": precision, "map": map, "map_at_k": mapAtK,
            "users": Double(users),
        ]
    }
}

extension RankingMetrics {
    /// 1 / log2(position + 2), positions counted from 0.
    private static func discount(_ position: Int) -> Double {
        1 / log2(Double(position + 2))
    }
}
