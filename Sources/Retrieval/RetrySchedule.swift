/// When a generation that could not be served is tried again: after pauses that double, or at once when the pointer
/// names another.
struct RetrySchedule {
    static let firstPause = Duration.seconds(1)
    static let longestPause = Duration.seconds(60)

    private var failed: (generation: Int, pause: Duration, next: ContinuousClock.Instant)?

    /// When there is a reason to look again, whatever the pointer does; nil when nothing has failed.
    var next: ContinuousClock.Instant? { failed?.next }

    func isDue(_ generation: Int, at now: ContinuousClock.Instant) -> Bool {
        guard let failed, failed.generation == generation else { return true }
        return now >= failed.next
    }

    /// Notes a failure and returns the pause until the next attempt.
    ///
    /// - Parameter jitter: share of the pause that is kept, so that many services do not come back at once.
    mutating func failed(
        _ generation: Int, at now: ContinuousClock.Instant, jitter: Double = .random(in: 0.5...1)
    ) -> Duration {
        var pause = Self.firstPause
        if let failed, failed.generation == generation { pause = min(failed.pause * 2, Self.longestPause) }
        failed = (generation, pause, now + pause * jitter)
        return pause * jitter
    }

    mutating func clear() { failed = nil }
}
