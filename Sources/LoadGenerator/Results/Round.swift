/// One of the equal parts of the measured time, by intended times.
package struct Round: Sendable, Codable {
    package let ok: Int
    package let faults: Int
    /// Right answers per second.
    package let rate: Double
    package let p50Ms: Double?
    package let p90Ms: Double?
    package let p99Ms: Double?

    init(_ tally: Tally, seconds: Double) {
        ok = tally.ok
        faults = tally.faults
        rate = Double(tally.ok) / seconds
        p50Ms = tally.milliseconds(atPercentile: 50)
        p90Ms = tally.milliseconds(atPercentile: 90)
        p99Ms = tally.milliseconds(atPercentile: 99)
    }

    private enum CodingKeys: String, CodingKey {
        case ok, faults, rate
        case p50Ms = "p50_ms"
        case p90Ms = "p90_ms"
        case p99Ms = "p99_ms"
    }
}

/// A short part of the measured time, for the picture over time.
package struct Slot: Sendable, Codable {
    /// Seconds from the beginning of the measured time to the middle of this part.
    package let at: Double
    /// Right answers per second.
    package let rate: Double
    package let faults: Int
    package let p50Ms: Double?
    package let p99Ms: Double?
    package let maxMs: Double?

    init(_ tally: Tally, index: Int, seconds: Double) {
        at = (Double(index) + 0.5) * seconds
        rate = Double(tally.ok) / seconds
        faults = tally.faults
        p50Ms = tally.milliseconds(atPercentile: 50)
        p99Ms = tally.milliseconds(atPercentile: 99)
        maxMs = tally.milliseconds(atPercentile: 100)
    }

    private enum CodingKeys: String, CodingKey {
        case at = "at_s"
        case rate, faults
        case p50Ms = "p50_ms"
        case p99Ms = "p99_ms"
        case maxMs = "max_ms"
    }
}

/// One point of the latency distribution.
package struct PercentilePoint: Sendable, Codable, Equatable {
    package let percentile: Double
    package let ms: Double
}
