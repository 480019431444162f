/// B beside A: ratios with intervals, and whether B is within a bound.
package struct Comparison: Sendable, Codable {
    package static let kind = "compare"

    /// B's figure divided by A's.
    package struct Ratio: Sendable, Codable, Equatable {
        package let median: Double
        /// nil with one round.
        package let interval: Interval?

        package init(median: Double, interval: Interval?) {
            self.median = median
            self.interval = interval
        }
    }

    package enum Gate: String, Sendable, Codable {
        /// The whole interval is within the bound.
        case held
        /// The median is within the bound, the interval reaches beyond it.
        case probablyHeld = "probably held"
        /// The median is beyond the bound, the interval reaches into it.
        case probablyBroken = "probably broken"
        /// The whole interval is beyond the bound.
        case broken

        package var passes: Bool { self == .held || self == .probablyHeld }
    }

    package let kind: String
    package let a: String
    package let b: String
    /// How the intervals were made.
    package let method: String
    /// Above 1, B is slower.
    package let p50: Ratio?
    package let p99: Ratio?
    /// Time per right answer: A's rate over B's; above 1, B is slower.
    package let timePerAnswer: Ratio?
    /// The ratio that the bound is for: p99 in an open loop, time per answer in a closed one.
    package let judged: String
    package let maxRatio: Double?
    package let gate: Gate?
    package let runsA: [LoadReport]
    package let runsB: [LoadReport]
    package let manifest: Manifest

    /// - Parameters:
    ///   - pairs: whether the n-th run of A and the n-th of B were made in turns, so that each pair gives one ratio.
    package init(
        a: String, b: String, runsA: [LoadReport], runsB: [LoadReport], pairs: Bool, maxRatio: Double?,
        manifest: Manifest
    ) {
        kind = Self.kind
        self.a = a
        self.b = b
        method =
            pairs
            ? "order statistics of the ratios of \(runsA.count) pairs of runs in turns"
            : "bootstrap of the ratio of the rounds' medians"
        func ratio(_ figure: (Figures) -> Double?, inverted: Bool = false) -> Ratio? {
            pairs
                ? Self.paired(runsA.map { figure(Figures($0)) }, runsB.map { figure(Figures($0)) }, inverted: inverted)
                : Self.unpaired(
                    runsA.flatMap { $0.rounds.compactMap { figure(Figures($0)) } },
                    runsB.flatMap { $0.rounds.compactMap { figure(Figures($0)) } }, inverted: inverted)
        }
        p50 = ratio { $0.p50 }
        p99 = ratio { $0.p99 }
        timePerAnswer = ratio({ $0.rate }, inverted: true)
        let isClosed = runsA.first?.mode == .closed
        judged = isClosed ? "time per answer" : "p99"
        self.maxRatio = maxRatio
        let measured = isClosed ? timePerAnswer : p99
        // Nothing measured is no proof that the bound held.
        gate = maxRatio.map { bound in measured.map { Self.gate($0, bound: bound) } ?? .broken }
        self.runsA = runsA
        self.runsB = runsB
        self.manifest = manifest
    }

    package static func gate(_ ratio: Ratio, bound: Double) -> Gate {
        let low = ratio.interval?.low ?? ratio.median
        let high = ratio.interval?.high ?? ratio.median
        if high <= bound { return .held }
        if low > bound { return .broken }
        return ratio.median <= bound ? .probablyHeld : .probablyBroken
    }

    private static func paired(_ a: [Double?], _ b: [Double?], inverted: Bool) -> Ratio? {
        let ratios = zip(a, b).compactMap { a, b -> Double? in
            guard let a, let b, a > 0, b > 0 else { return nil }
            return inverted ? a / b : b / a
        }
        return OrderStatistics.median(ratios).map { Ratio(median: $0, interval: OrderStatistics.interval(ratios)) }
    }

    private static func unpaired(_ a: [Double], _ b: [Double], inverted: Bool) -> Ratio? {
        let (top, bottom) = inverted ? (a, b) : (b, a)
        guard let upper = OrderStatistics.median(top), let lower = OrderStatistics.median(bottom), lower > 0, upper > 0
        else { return nil }
        return Ratio(median: upper / lower, interval: Bootstrap.ratioOfMedians(top, over: bottom))
    }

    private enum CodingKeys: String, CodingKey {
        case kind, a, b, method
        case p50 = "p50_ratio"
        case p99 = "p99_ratio"
        case timePerAnswer = "time_per_answer_ratio"
        case judged
        case maxRatio = "max_ratio"
        case gate
        case runsA = "runs_a"
        case runsB = "runs_b"
        case manifest
    }
}

/// What is compared of a run or of a round.
private struct Figures {
    let p50: Double?
    let p99: Double?
    let rate: Double?

    init(_ report: LoadReport) {
        (p50, p99, rate) = (report.p50Ms, report.p99Ms, report.rateAchieved)
    }

    init(_ round: Round) {
        (p50, p99, rate) = (round.p50Ms, round.p99Ms, round.rate)
    }
}
