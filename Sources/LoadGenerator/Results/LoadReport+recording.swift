import Histogram

extension LoadReport {
    /// Equal steps of the logarithm of what lies beyond, as HdrHistogram plots them.
    private static let curve = [
        0, 10, 25, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 96, 97, 98, 98.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99, 100,
    ]

    init(plan: LoadPlan, recorder: Recorder, seconds: Double, cpuSeconds: Double, scheduling: Scheduling) {
        let shape = plan.shape
        let isOpen = shape.mode == .open
        var latencies = Histogram<UInt64>(highestTrackableValue: Tally.longest)
        for round in recorder.rounds { latencies.add(round.latencies) }
        func milliseconds(_ histogram: Histogram<UInt64>, _ percentile: Double) -> Double? {
            histogram.totalCount == 0 ? nil : Double(histogram.valueAtPercentile(percentile)) / 1e3
        }
        let samples = Int(latencies.totalCount)
        let answers = recorder.statuses.values.reduce(0, +)
        let right = recorder.rounds.reduce(0) { $0 + $1.ok }
        // A part of the measured time that the limit cut off was not measured.
        let isWhole = plan.requestLimit == nil
        let rounds =
            isWhole ? recorder.rounds.map { Round($0, seconds: Double(recorder.roundLength) / 1e9) } : []
        let pacingP99 = isOpen ? milliseconds(recorder.pacing, 99) : nil

        self.init(
            target: plan.endpoint.authority, mode: shape.mode, arrivals: isOpen ? shape.arrivals : nil,
            distribution: Set(plan.mix.map(\.distribution.rawValue)).sorted().joined(separator: ", "),
            connections: shape.connections, seed: shape.seed, rateAsked: isOpen ? shape.rate : nil,
            rateAchieved: Double(right) / seconds, sent: recorder.sent, completed: answers, ok: right,
            wrong: recorder.wrong,
            errors: answers - right - recorder.wrong + recorder.transportErrors.values.reduce(0, +),
            statuses: recorder.statuses, transportErrors: recorder.transportErrors, degraded: recorder.degraded,
            generations: Dictionary(uniqueKeysWithValues: recorder.generations.map { ("\($0.key)", $0.value) }),
            late: isOpen ? recorder.late : 0, dropped: recorder.timedOut + recorder.overflowed,
            droppedByTimeout: recorder.timedOut, samples: samples, p50Ms: milliseconds(latencies, 50),
            p90Ms: milliseconds(latencies, 90), p99Ms: milliseconds(latencies, 99),
            p999Ms: samples >= 10_000 ? milliseconds(latencies, 99.9) : nil, maxMs: milliseconds(latencies, 100),
            percentiles: Self.curve.compactMap { percentile in
                // A percentile decided by fewer than ten samples is no more than its largest ones.
                guard percentile == 100 || Double(samples) * (100 - percentile) >= 1_000 else { return nil }
                return milliseconds(latencies, percentile).map { PercentilePoint(percentile: percentile, ms: $0) }
            },
            rounds: rounds, intervals: Self.intervals(rounds),
            timeline: isWhole
                ? recorder.slots.enumerated().map {
                    Slot($0.element, index: $0.offset, seconds: Double(recorder.slotLength) / 1e9)
                } : [],
            pacingP99Ms: pacingP99,
            generator: GeneratorLoad(
                cpuShare: cpuSeconds / seconds, pacingP50Ms: isOpen ? milliseconds(recorder.pacing, 50) : nil,
                pacingP99Ms: pacingP99, scheduling: scheduling),
            cpuSeconds: cpuSeconds, seconds: seconds)
    }

    private static func intervals(_ rounds: [Round]) -> [String: Interval] {
        let figures: [(String, (Round) -> Double?)] = [
            ("rate", { $0.rate }), ("p50_ms", { $0.p50Ms }), ("p90_ms", { $0.p90Ms }), ("p99_ms", { $0.p99Ms }),
        ]
        var intervals: [String: Interval] = [:]
        for (name, figure) in figures { intervals[name] = OrderStatistics.interval(rounds.compactMap(figure)) }
        return intervals
    }
}
