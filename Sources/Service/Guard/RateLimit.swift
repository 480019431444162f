/// So many requests a second in the long run, and so many at once.
struct RateLimit: Sendable, Equatable {
    let perSecond: Double
    let burst: Int

    /// Nanoseconds in which one more request becomes possible; at most a quarter of an hour, so that a burst of them
    /// can be counted.
    var interval: Int64 { Int64(min(max(1, (1e9 / perSecond).rounded()), 9e11)) }

    /// Seconds after which a client that has used everything up may send a whole burst again.
    var window: Int { max(1, Int((Double(burst) / perSecond).rounded(.up))) }
}

/// What a client may still send.
struct RateAllowance: Sendable, Equatable {
    let isGranted: Bool
    /// Requests that would be granted now, one after the other.
    let remaining: Int
    /// Seconds until the whole burst is there again.
    let secondsUntilFull: Int
    /// Seconds until one more request is granted; 0 where it is now.
    let retryAfter: Int
}
