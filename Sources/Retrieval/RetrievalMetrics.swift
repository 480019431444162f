package import Telemetry

/// Handles of the metrics that retrieval records, looked up once.
package struct RetrievalMetrics: Sendable {
    package enum Stage: String, CaseIterable, Sendable { case queue, database, rerank, model, encode, total }
    package enum Route: String, CaseIterable, Sendable { case similar, recommendations }

    /// By stage and route, in the order of their cases.
    private let stages: [[Histogram]]
    private let shortfall: Counter
    private let completed: Counter
    private let degraded: Counter

    package init(registry: Registry) {
        stages = Stage.allCases.map { stage in
            Route.allCases.map { route in
                registry.histogram(
                    name: MetricName.stageDuration, help: "Time spent in each stage of an answer that was not cached.",
                    labels: ["stage": stage.rawValue, "route": route.rawValue])
            }
        }
        shortfall = registry.counter(
            name: MetricName.shortfall, help: "Answers with fewer items than were asked for and exist.")
        completed = registry.counter(
            name: MetricName.completedAnswers,
            help: "Answers for which the database gave fewer items than exist; an exact scan in memory gave the rest.")
        degraded = registry.counter(
            name: MetricName.degradedAnswers, help: "Answers that memory gave because the database could not.")
    }

    package func record(_ stage: Stage, _ route: Route, _ duration: Duration) {
        stages[stage.index][route.index].record(duration)
    }

    func recordShortfall() { shortfall.increment() }
    func recordCompleted() { completed.increment() }
    func recordDegraded() { degraded.increment() }
}

extension RetrievalMetrics.Stage {
    fileprivate var index: Int {
        switch self {
        case .queue: 0
        case .database: 1
        case .rerank: 2
        case .model: 3
        case .encode: 4
        case .total: 5
        }
    }
}

extension RetrievalMetrics.Route {
    /// Its place among all cases.
    var index: Int { self == .similar ? 0 : 1 }

    /// What it searches.
    var space: SearchSpace {
        switch self {
        case .similar: .similarity
        case .recommendations: .embedding
        }
    }
}
