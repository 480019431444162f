/// The highest rate at which an objective held, found several times.
package struct MaxRateResult: Sendable, Codable {
    package static let kind = "max-rate"

    /// One rate that was tried.
    package struct Step: Sendable, Codable {
        package let search: Int
        package let rate: Double
        package let p99Ms: Double?
        package let held: Bool
        package let bottleneck: String?

        private enum CodingKeys: String, CodingKey {
            case search, rate
            case p99Ms = "p99_ms"
            case held, bottleneck
        }

        package init(search: Int, rate: Double, p99Ms: Double?, held: Bool, bottleneck: String?) {
            self.search = search
            self.rate = rate
            self.p99Ms = p99Ms
            self.held = held
            self.bottleneck = bottleneck
        }
    }

    package let kind: String
    package let name: String
    package let objectiveP99Ms: Double
    /// The answer of each search, requests per second.
    package let rates: [Double]
    package let median: Double
    /// nil with one search.
    package let interval: Interval?
    package let steps: [Step]
    package let manifest: Manifest

    package init(name: String, objectiveP99Ms: Double, rates: [Double], steps: [Step], manifest: Manifest) {
        kind = Self.kind
        self.name = name
        self.objectiveP99Ms = objectiveP99Ms
        self.rates = rates
        median = OrderStatistics.median(rates) ?? 0
        interval = OrderStatistics.interval(rates)
        self.steps = steps
        self.manifest = manifest
    }

    package func table() -> String {
        let head = ["search", "rate/s", "p99 ms", "objective"]
        let rows = steps.map { step in
            [
                "\(step.search)", Text.number(step.rate, 1), step.p99Ms.map { Text.number($0, 3) } ?? "–",
                step.bottleneck != nil ? "generator" : step.held ? "held" : "missed",
            ]
        }
        return """
            \(name)
            \(Text.table([head] + rows))
            highest rate with p99 ≤ \(Text.short(objectiveP99Ms)) ms: \(Text.number(median, 1))/s, \
            \(Text.interval(interval, 1)) over \(rates.count) searches
            """
    }

    private enum CodingKeys: String, CodingKey {
        case kind, name
        case objectiveP99Ms = "objective_p99_ms"
        case rates, median, interval, steps, manifest
    }
}
