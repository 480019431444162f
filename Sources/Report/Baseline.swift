package import Foundation

/// Another model measured on the same split, as `Benchmarks/quality` writes them.
package struct Baseline: Codable, Sendable, Equatable {
    package struct Interval: Codable, Sendable, Equatable {
        package let low: Double
        package let high: Double

        package init(low: Double, high: Double) {
            self.low = low
            self.high = high
        }
    }

    package let name: String
    /// By the names that `kindred-train evaluate --json` uses.
    package let metrics: [String: Double]
    /// 95 % over users, by the same names.
    package let interval: [String: Interval]
    /// Of training.
    package let seconds: Double?

    package init(name: String, metrics: [String: Double], interval: [String: Interval] = [:], seconds: Double? = nil) {
        self.name = name
        self.metrics = metrics
        self.interval = interval
        self.seconds = seconds
    }

    /// Reads a JSON array of baselines.
    package static func read(_ data: Data) throws -> [Baseline] {
        try JSONDecoder().decode([Baseline].self, from: data)
    }
}
