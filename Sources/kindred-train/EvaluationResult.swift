import Foundation
import Training

/// What `evaluate` prints, under the names of the published benchmark.
struct EvaluationResult: Encodable {
    private let metrics: RankingMetrics

    init(_ metrics: RankingMetrics) {
        self.metrics = metrics
    }

    private enum CodingKeys: String, CodingKey {
        case ndcg, recall, precision, map, users
        case mapAtK = "map_at_k"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(metrics.ndcg, forKey: .ndcg)
        try container.encode(metrics.recall, forKey: .recall)
        try container.encode(metrics.precision, forKey: .precision)
        try container.encode(metrics.map, forKey: .map)
        try container.encode(metrics.mapAtK, forKey: .mapAtK)
        try container.encode(metrics.users, forKey: .users)
    }

    /// Name and value, for people.
    var lines: [(String, String)] {
        let shares = [
            ("ndcg", metrics.ndcg), ("recall", metrics.recall), ("precision", metrics.precision), ("map", metrics.map),
            ("map_at_k", metrics.mapAtK),
        ]
        return shares.map { ($0.0, String(format: "%.4f", $0.1)) } + [("users", String(metrics.users))]
    }
}
