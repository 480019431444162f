import Foundation

/// How well one user's ranking finds what that user went on to watch.
package struct UserScores: Sendable, Equatable {
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

    static let zero = UserScores()

    private init() {}

    /// - Parameters:
    ///   - ranking: at most k items, best first.
    ///   - relevant: the user's test items, not empty.
    init(_ ranking: [Int], relevant: Set<Int>, k: Int) {
        precondition(!relevant.isEmpty && k > 0 && ranking.count <= k)
        var gain = 0.0
        var hits = 0
        var precisions = 0.0
        for (position, item) in ranking.enumerated() where relevant.contains(item) {
            hits += 1
            gain += UserScores.discount(position)
            precisions += Double(hits) / Double(position + 1)
        }
        let ideal = (0..<min(k, relevant.count)).reduce(0) { $0 + UserScores.discount($1) }
        ndcg = gain / ideal
        recall = Double(hits) / Double(relevant.count)
        precision = Double(hits) / Double(k)
        map = precisions / Double(relevant.count)
        mapAtK = precisions / Double(min(k, relevant.count))
    }

    /// Each measure under the name the published benchmark gives it.
    static let measures: [(name: String, path: any WritableKeyPath<UserScores, Double> & Sendable)] = [
        ("ndcg", \.ndcg), ("recall", \.recall), ("precision", \.precision), ("map", \.map), ("map_at_k", \.mapAtK),
    ]

    static func += (left: inout UserScores, right: UserScores) {
        left.ndcg += right.ndcg
        left.recall += right.recall
        left.precision += right.precision
        left.map += right.map
        left.mapAtK += right.mapAtK
    }

    static func / (sum: UserScores, count: Double) -> UserScores {
        var mean = sum
        for (_, path) in measures { mean[keyPath: path] /= count }
        return mean
    }

    /// 1 / log2(position + 2), positions counted from 0.
    private static func discount(_ position: Int) -> Double {
        1 / log2(Double(position + 2))
    }
}
