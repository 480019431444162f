import Foundation
import Training

/// What `evaluate` prints, under the names of the published benchmark.
struct EvaluationResult: Encodable {
    private let metrics: RankingMetrics
    private let interval: [String: RankingResults.Interval]

    /// - Parameter seed: of the bootstrap.
    init(_ results: RankingResults, seed: UInt64) throws {
        guard !results.scores.isEmpty else {
            throw Failure(.badData, "no user has a relevant test rating: there is nothing to measure")
        }
        metrics = results.metrics
        interval = results.intervals(seed: seed)
    }

    private enum CodingKeys: String, CodingKey {
        case ndcg, recall, precision, map, coverage, gini, novelty, users, interval
        case mapAtK = "map_at_k"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(metrics.ndcg, forKey: .ndcg)
        try container.encode(metrics.recall, forKey: .recall)
        try container.encode(metrics.precision, forKey: .precision)
        try container.encode(metrics.map, forKey: .map)
        try container.encode(metrics.mapAtK, forKey: .mapAtK)
        try container.encode(metrics.coverage, forKey: .coverage)
        try container.encode(metrics.gini, forKey: .gini)
        try container.encode(metrics.novelty, forKey: .novelty)
        try container.encode(metrics.users, forKey: .users)
        try container.encode(interval, forKey: .interval)
    }

    func print(asJSON: Bool) throws {
        if asJSON { return try Console.output(json: self) }
        for line in lines { Console.output(line) }
    }

    /// One line for each figure, for people.
    private var lines: [String] {
        let values = [
            ("ndcg", metrics.ndcg), ("recall", metrics.recall), ("precision", metrics.precision), ("map", metrics.map),
            ("map_at_k", metrics.mapAtK), ("coverage", metrics.coverage), ("gini", metrics.gini),
            ("novelty", metrics.novelty),
        ]
        let lines = values.map { name, value in
            let range = interval[name].map { String(format: " (%.4f…%.4f)", $0.low, $0.high) } ?? ""
            return "\(name) \(String(format: "%.4f", value))\(range)"
        }
        return lines + ["users \(metrics.users)"]
    }
}
