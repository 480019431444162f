import Synchronization

/// The metrics of a process, in the order of their registration.
///
/// Registering takes a lock: look a metric up once and hold the handle. The same name and labels give the same
/// handle. How many different label values there are is the caller's business; an id must never be one.
///
/// It is a programming error, and stops the process, to register a name with another type or other label names, or
/// names that Prometheus does not allow.
package final class Registry: Sendable {
    /// The media type of what `render` gives.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private struct State {
        var families: [MetricFamily] = []
        var positions: [String: Int] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// - Parameter name: with the unit, then `_total`: `kindred_results_shortfall_total`.
    package func counter(name: String, help: String, labels: KeyValuePairs<String, String> = [:]) -> Counter {
        let metric = register(.counter, name, help, labels) { .counter(Counter()) }
        guard case .counter(let counter) = metric else { preconditionFailure("\(name) is read by a closure") }
        return counter
    }

    package func gauge(name: String, help: String, labels: KeyValuePairs<String, String> = [:]) -> Gauge {
        let metric = register(.gauge, name, help, labels) { .gauge(Gauge()) }
        guard case .gauge(let gauge) = metric else { preconditionFailure("\(name) is read by a closure") }
        return gauge
    }

    /// - Parameter name: of a latency, with its unit: `kindred_stage_duration_seconds`.
    package func histogram(name: String, help: String, labels: KeyValuePairs<String, String> = [:]) -> Histogram {
        let metric = register(.histogram, name, help, labels) { .histogram(Histogram()) }
        guard case .histogram(let histogram) = metric else { preconditionFailure("\(name) is read by a closure") }
        return histogram
    }

    /// A counter that is kept elsewhere and read at every scrape; it replaces a former reading with these labels.
    package func counter(
        name: String, help: String, labels: KeyValuePairs<String, String> = [:],
        reading: @escaping @Sendable () -> UInt64
    ) {
        _ = register(.counter, name, help, labels, replacing: true) { .reading { Double(reading()) } }
    }

    /// A gauge that is kept elsewhere and read at every scrape; it replaces a former reading with these labels.
    package func gauge(
        name: String, help: String, labels: KeyValuePairs<String, String> = [:],
        reading: @escaping @Sendable () -> Double
    ) {
        _ = register(.gauge, name, help, labels, replacing: true) { .reading(reading) }
    }

    /// Shows the series with these labels no more; a handle to it stays usable, unseen.
    package func removeSeries(name: String, labels: KeyValuePairs<String, String>) {
        let text = LabelText.render(labels)
        state.withLock { state in
            guard let position = state.positions[name] else { return }
            state.families[position].remove(text)
        }
    }

    /// All metrics in Prometheus' text format 0.0.4. O(series × buckets).
    package func render() -> [UInt8] {
        // A copy, so that neither formatting nor the readings' closures run under the lock.
        let families = state.withLock { $0.families }
        var text = ExpositionText()
        for family in families { family.render(into: &text) }
        return text.bytes
    }

    private func register(
        _ type: MetricType, _ name: String, _ help: String, _ labels: KeyValuePairs<String, String>,
        replacing: Bool = false, make: () -> Metric
    ) -> Metric {
        let text = LabelText.render(labels)
        let labelNames = labels.map(\.key).sorted()
        return state.withLock { state in
            let position = state.positions[name] ?? state.families.count
            if position == state.families.count {
                state.families.append(MetricFamily(name: name, help: help, type: type, labelNames: labelNames))
                state.positions[name] = position
            }
            state.families[position].check(type: type, labelNames: labelNames)
            if replacing { state.families[position].remove(text) }
            return state.families[position].metric(text, make: make)
        }
    }
}
