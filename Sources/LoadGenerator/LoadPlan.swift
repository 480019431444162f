/// One open-loop load test, checked.
package struct LoadPlan: Sendable {
    package var target: Target
    package var ids: ClosedRange<Int>
    package var distribution: Distribution
    /// Requests per second.
    package var rate: Double
    package var arrivals: Arrivals
    package var warmup: Duration
    /// The measured time, after the warm-up.
    package var duration: Duration
    package var connections: Int
    /// Counted from the intended send time.
    package var timeout: Duration
    package var seed: UInt64

    /// - Throws: `LoadPlanError` that says which value cannot be used and why.
    package init(
        target: Target, ids: String = "1-1", distribution: Distribution = .uniform, rate: Double,
        arrivals: Arrivals = .poisson, warmup: Double = 0, duration: Double, connections: Int,
        timeoutMilliseconds: Double = 5_000, seed: UInt64 = 42
    ) throws(LoadPlanError) {
        func check(_ isUsable: Bool, _ complaint: String) throws(LoadPlanError) {
            guard isUsable else { throw .invalid(complaint) }
        }
        try check(rate > 0 && rate <= 1_000_000, "the rate must be above 0 and at most 1,000,000 a second, not \(rate)")
        try check(duration > 0 && duration <= 86_400, "the duration must be above 0 s and at most a day")
        try check(warmup >= 0 && warmup <= 86_400, "the warm-up must be from 0 s to a day, not \(warmup) s")
        try check((1...10_000).contains(connections), "connections must be from 1 to 10,000, not \(connections)")
        try check(
            timeoutMilliseconds >= 1 && timeoutMilliseconds <= 3_600_000,
            "the timeout must be from 1 ms to an hour, not \(timeoutMilliseconds) ms")
        self.target = target
        self.ids = try Self.range(ids)
        self.distribution = distribution
        self.rate = rate
        self.arrivals = arrivals
        self.warmup = .seconds(warmup)
        self.duration = .seconds(duration)
        self.connections = connections
        timeout = .milliseconds(timeoutMilliseconds)
        self.seed = seed
    }

    /// `first-last`, both included, or one id.
    private static func range(_ text: String) throws(LoadPlanError) -> ClosedRange<Int> {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 0 else {
            throw .invalid("the ids '\(text)' are not a range such as 1-1682")
        }
        guard first <= last else { throw .invalid("the range of ids \(text) is empty") }
        return first...last
    }
}
