import Histogram

/// What a load test saw, of the measured time only.
package struct LoadReport: Sendable, Encodable {
    package let target: String
    package let arrivals: String
    package let distribution: String
    package let connections: Int
    package let seed: UInt64
    /// Requests per second.
    package let rateAsked: Double
    /// Right answers per second, of `seconds`.
    package let rateAchieved: Double
    /// Requests written to a connection.
    package let sent: Int
    /// Answers received whole, of any status.
    package let completed: Int
    package let ok: Int
    /// Status 200, but fewer or more results than were asked for.
    package let wrong: Int
    /// Answers of another status than 200 and transport errors.
    package let errors: Int
    package let statuses: [String: Int]
    package let transportErrors: [String: Int]
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
    /// How late the generator itself was, before any waiting for a connection.
    package let pacingP99Ms: Double?
    /// Processor time that the generator took.
    package let cpuSeconds: Double
    /// From the end of the warm-up to the last answer, or the end of the schedule if that is later.
    package let seconds: Double

    init(plan: LoadPlan, recorder: Recorder, seconds: Double, cpuSeconds: Double) {
        let latencies = recorder.latencies
        let milliseconds = { (percentile: Double) -> Double? in
            latencies.totalCount == 0 ? nil : Double(latencies.valueAtPercentile(percentile)) / 1e3
        }
        let completed = recorder.statuses.values.reduce(0, +)
        target = plan.target.authority
        arrivals = plan.arrivals.rawValue
        distribution = plan.distribution.rawValue
        connections = plan.connections
        seed = plan.seed
        rateAsked = plan.rate
        rateAchieved = Double(recorder.ok) / seconds
        sent = recorder.sent
        self.completed = completed
        ok = recorder.ok
        wrong = recorder.wrong
        errors = completed - recorder.ok - recorder.wrong + recorder.transportErrors.values.reduce(0, +)
        statuses = recorder.statuses
        transportErrors = recorder.transportErrors
        late = recorder.late
        dropped = recorder.timedOut + recorder.overflowed
        droppedByTimeout = recorder.timedOut
        samples = Int(latencies.totalCount)
        p50Ms = milliseconds(50)
        p90Ms = milliseconds(90)
        p99Ms = milliseconds(99)
        p999Ms = latencies.totalCount >= 10_000 ? milliseconds(99.9) : nil
        maxMs = milliseconds(100)
        pacingP99Ms = recorder.pacing.totalCount == 0 ? nil : Double(recorder.pacing.valueAtPercentile(99)) / 1e3
        self.cpuSeconds = cpuSeconds
        self.seconds = seconds
    }

    /// Whether every request got a right answer.
    package var isFaultless: Bool { ok > 0 && wrong == 0 && errors == 0 && dropped == 0 }

    private enum CodingKeys: String, CodingKey {
        case target, arrivals, distribution, connections, seed
        case rateAsked = "rate_asked"
        case rateAchieved = "rate_achieved"
        case sent, completed, ok, wrong, errors, statuses
        case transportErrors = "transport_errors"
        case late, dropped
        case droppedByTimeout = "dropped_by_timeout"
        case samples
        case p50Ms = "p50_ms"
        case p90Ms = "p90_ms"
        case p99Ms = "p99_ms"
        case p999Ms = "p99_9_ms"
        case maxMs = "max_ms"
        case pacingP99Ms = "pacing_p99_ms"
        case cpuSeconds = "cpu_seconds"
        case seconds
    }
}
