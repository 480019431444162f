/// The words Prometheus has for a metric's type.
enum MetricType: String, Sendable {
    case counter
    case gauge
    case histogram
}

/// What one series shows.
enum Metric: Sendable {
    case counter(Counter)
    case gauge(Gauge)
    case histogram(Histogram)
    case reading(@Sendable () -> Double)
}
