import Foundation
package import Telemetry

/// What the metrics say of the served generation and of its changes.
package struct GenerationMetrics: Sendable {
    private let registry: Registry
    private let switches: Counter
    private let failures: Counter

    package init(registry: Registry, current: CurrentRetriever) {
        self.registry = registry
        switches = registry.counter(
            name: MetricName.generationSwitches, help: "Changes of the served generation while running.")
        failures = registry.counter(
            name: MetricName.generationSwitchFailures,
            help: "Attempts to serve a newly activated generation that failed; the former one went on.")
        registry.gauge(name: MetricName.embeddingAge, help: "Age of the bundle that is served.") {
            Date().timeIntervalSince1970 - current.retriever.snapshot.generation.createdAt
        }
        show(current.retriever.snapshot.generation)
    }

    func recordSwitch(from former: ActiveGeneration, to generation: ActiveGeneration) {
        if former.id != generation.id { switches.increment() }
        // First, because a query that joins with this metric fails on two series and bears none.
        registry.removeSeries(name: MetricName.activeGeneration, labels: Self.labels(former))
        show(generation)
    }

    func recordFailure() { failures.increment() }

    private func show(_ generation: ActiveGeneration) {
        registry.gauge(
            name: MetricName.activeGeneration, help: "The generation that is served; always 1.",
            labels: Self.labels(generation)
        ).set(1)
    }

    private static func labels(_ generation: ActiveGeneration) -> KeyValuePairs<String, String> {
        [
            "catalogue": generation.catalogue, "generation": String(generation.id), "model": generation.model,
            "version": generation.version, "index": generation.index,
        ]
    }
}
