import Retrieval
import Telemetry

/// Counts what clients send.
struct EventMetrics: Sendable {
    private let accepted: Counter
    private let invalid: Counter
    private let unavailable: Counter

    init(registry: Registry) {
        accepted = registry.counter(name: MetricName.eventsAccepted, help: "Events answered with 202.")
        let refused = { (reason: String) in
            registry.counter(
                name: MetricName.eventsRefused,
                help: "Events refused: requests with an invalid one, and events that the journal did not take.",
                labels: ["reason": reason])
        }
        invalid = refused("invalid")
        unavailable = refused("unavailable")
    }

    func recordAccepted(_ count: Int) { accepted.increment(by: UInt64(count)) }
    func recordInvalidRequest() { invalid.increment() }
    func recordUnavailable(_ count: Int) { unavailable.increment(by: UInt64(count)) }
}
