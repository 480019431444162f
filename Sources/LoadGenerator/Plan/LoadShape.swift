/// Who decides when the next request leaves.
package enum LoopMode: String, Sendable, CaseIterable, Codable {
    /// The schedule: users who do not know each other. Latency counts from the intended time.
    case open
    /// The answer before it: it says how much a service can do, not how long users wait, because it sends nothing
    /// while the service stands still.
    case closed
}

/// How much load, for how long.
package struct LoadShape: Sendable, Equatable {
    package var mode = LoopMode.open
    /// Requests per second; a closed loop has none.
    package var rate = 100.0
    package var arrivals = Arrivals.poisson
    /// Seconds of the same load before measuring.
    package var warmup = 2.0
    /// Measured seconds.
    package var duration = 10.0
    /// Equal parts of the measured time, whose differences give the intervals.
    package var rounds = 5
    /// Keep-alive connections, each with one request at a time.
    package var connections = 8
    /// Counted from the intended time.
    package var timeoutMilliseconds = 5_000.0
    package var seed: UInt64 = 42
    /// What an open loop asks the kernel for; a closed loop runs flat out and would starve others in real time.
    package var scheduling = Scheduling.normal

    package init() {}

    /// - Throws: `LoadPlanError` that says which value cannot be used and why.
    package func check() throws(LoadPlanError) {
        func check(_ isUsable: Bool, _ complaint: String) throws(LoadPlanError) {
            guard isUsable else { throw .invalid(complaint) }
        }
        try check(rate > 0 && rate <= 1_000_000, "the rate must be above 0 and at most 1,000,000 a second, not \(rate)")
        try check(duration > 0 && duration <= 86_400, "the duration must be above 0 s and at most a day")
        try check(warmup >= 0 && warmup <= 86_400, "the warm-up must be from 0 s to a day, not \(warmup) s")
        try check((1...1_000).contains(rounds), "rounds must be from 1 to 1,000, not \(rounds)")
        try check((1...10_000).contains(connections), "connections must be from 1 to 10,000, not \(connections)")
        try check(
            timeoutMilliseconds >= 1 && timeoutMilliseconds <= 3_600_000,
            "the timeout must be from 1 ms to an hour, not \(timeoutMilliseconds) ms")
    }
}

extension LoadShape: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case mode, rate, arrivals, rounds, connections, seed, scheduling
        case warmup = "warmup_s"
        case duration = "duration_s"
        case timeoutMilliseconds = "timeout_ms"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init()
        mode = try container.decodeIfPresent(LoopMode.self, forKey: .mode) ?? mode
        rate = try container.decodeIfPresent(Double.self, forKey: .rate) ?? rate
        arrivals = try container.decodeIfPresent(Arrivals.self, forKey: .arrivals) ?? arrivals
        warmup = try container.decodeIfPresent(Double.self, forKey: .warmup) ?? warmup
        duration = try container.decodeIfPresent(Double.self, forKey: .duration) ?? duration
        rounds = try container.decodeIfPresent(Int.self, forKey: .rounds) ?? rounds
        connections = try container.decodeIfPresent(Int.self, forKey: .connections) ?? connections
        timeoutMilliseconds =
            try container.decodeIfPresent(Double.self, forKey: .timeoutMilliseconds) ?? timeoutMilliseconds
        seed = try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? seed
        scheduling = try container.decodeIfPresent(Scheduling.self, forKey: .scheduling) ?? scheduling
        do {
            try check()
        } catch {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.description))
        }
    }
}
