import Histogram

/// What a load test saw, of the measured time only.
package struct LoadReport: Sendable, Codable {
    package let target: String
    package let mode: LoopMode
    /// nil in a closed loop, as the rate asked.
    package let arrivals: Arrivals?
    package let distribution: String
    package let connections: Int
    package let seed: UInt64
    /// Requests per second.
    package let rateAsked: Double?
    /// Right answers per second, of `seconds`.
    package let rateAchieved: Double
    /// Requests written to a connection.
    package let sent: Int
    /// Answers received whole, of any status.
    package let completed: Int
    package let ok: Int
    /// A status of success, but fewer or more results than were asked for, or another length than promised.
    package let wrong: Int
    /// Answers without success and transport errors.
    package let errors: Int
    package let statuses: [String: Int]
    package let transportErrors: [String: Int]
    /// Right answers that say of themselves that they are degraded.
    package let degraded: Int
    /// Right answers by the generation they name.
    package let generations: [String: Int]
    /// Sent more than 1 ms after the intended time.
    package let late: Int
    /// Given up at the timeout, or never queued because too many were waiting.
    package let dropped: Int
    package let droppedByTimeout: Int
    /// Latencies behind the percentiles: right answers and timeouts.
    package let samples: Int
    package let p50Ms: Double?
    package let p90Ms: Double?
    package let p99Ms: Double?
    /// nil with fewer than 10,000 samples: ten requests would decide it.
    package let p999Ms: Double?
    package let maxMs: Double?
    package let percentiles: [PercentilePoint]
    package let rounds: [Round]
    /// Of the rounds' medians of these figures.
    package let intervals: [String: Interval]
    package let timeline: [Slot]
    /// How late the generator itself was, before any waiting for a connection.
    package let pacingP99Ms: Double?
    package let generator: GeneratorLoad
    /// Processor time that the generator took.
    package let cpuSeconds: Double
    /// From the end of the warm-up to the last answer, or the end of the schedule if that is later.
    package let seconds: Double

    /// Whether every request got a right answer.
    package var isFaultless: Bool { ok > 0 && wrong == 0 && errors == 0 && dropped == 0 }

    /// The share of requests that failed or were given up; wrong answers are not among them.
    package var errorRatio: Double {
        let all = ok + wrong + errors + dropped
        return all == 0 ? 1 : Double(errors + dropped) / Double(all)
    }

    private enum CodingKeys: String, CodingKey {
        case target, mode, arrivals, distribution, connections, seed
        case rateAsked = "rate_asked"
        case rateAchieved = "rate_achieved"
        case sent, completed, ok, wrong, errors, statuses
        case transportErrors = "transport_errors"
        case degraded, generations, late, dropped
        case droppedByTimeout = "dropped_by_timeout"
        case samples
        case p50Ms = "p50_ms"
        case p90Ms = "p90_ms"
        case p99Ms = "p99_ms"
        case p999Ms = "p99_9_ms"
        case maxMs = "max_ms"
        case percentiles, rounds, intervals, timeline
        case pacingP99Ms = "pacing_p99_ms"
        case generator
        case cpuSeconds = "cpu_seconds"
        case seconds
    }
}
