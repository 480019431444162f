import Telemetry

/// What the metrics say of the recall of one route in one generation.
struct RecallSeries {
    let generation: Int
    private let registry: Registry
    private let route: RetrievalMetrics.Route
    private let ratio: Gauge
    private let expected: Counter
    private let found: Counter
    /// Of the last samples; the oldest is at `next` once the window is full.
    private var recalls: [Double] = []
    private var next = 0

    init(_ registry: Registry, _ route: RetrievalMetrics.Route, generation: Int) {
        self.generation = generation
        self.registry = registry
        self.route = route
        let labels: KeyValuePairs = ["route": route.rawValue, "generation": String(generation)]
        ratio = registry.gauge(
            name: MetricName.recallRatio,
            help: "Share of the exact nearest items in the index's answers, mean of the last 1,000 that were sampled.",
            labels: labels)
        expected = registry.counter(
            name: MetricName.recallExpected, help: "Items that exact scans found for the sampled answers.",
            labels: labels)
        found = registry.counter(
            name: MetricName.recallFound, help: "Those of them that the index found.", labels: labels)
    }

    /// An answer to a search that nothing can answer says nothing.
    mutating func record(expected count: Int, found matches: Int) {
        guard count > 0 else { return }
        expected.increment(by: UInt64(count))
        found.increment(by: UInt64(matches))
        let recall = Double(matches) / Double(count)
        if recalls.count < RecallMonitor.window {
            recalls.append(recall)
        } else {
            recalls[next] = recall
            next = (next + 1) % RecallMonitor.window
        }
        // Summed anew: a running sum would keep every rounding error.
        ratio.set(recalls.reduce(0, +) / Double(recalls.count))
    }

    /// Shows them no more.
    func remove() {
        let labels: KeyValuePairs = ["route": route.rawValue, "generation": String(generation)]
        for name in [MetricName.recallRatio, MetricName.recallExpected, MetricName.recallFound] {
            registry.removeSeries(name: name, labels: labels)
        }
    }
}
