import HTTPTypes
import Retrieval
import Synchronization
import Telemetry

/// Request durations by route, method and status. Each combination is registered at its first request and its handle
/// kept; there are as many as routes, methods and statuses, never as many as requests.
final class HTTPMetrics: Sendable {
    private struct Key: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private let registry: Registry
    private let handles = Mutex<[Key: Histogram]>([:])

    init(registry: Registry) { self.registry = registry }

    func record(route: String, method: HTTPRequest.Method, status: Int, since start: ContinuousClock.Instant) {
        let key = Key(route: route, method: Self.label(method), status: status)
        let histogram = handles.withLock { handles in
            if let known = handles[key] { return known }
            let made = registry.histogram(
                name: MetricName.requestDuration, help: "Time from a request's head to its response.",
                labels: ["route": key.route, "method": key.method, "status": String(key.status)])
            handles[key] = made
            return made
        }
        histogram.record(since: start)
    }

    /// A client may invent methods; the label may not follow.
    private static func label(_ method: HTTPRequest.Method) -> String {
        switch method {
        case .get, .head, .post, .put, .patch, .delete, .options: method.rawValue
        default: "other"
        }
    }
}
