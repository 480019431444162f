import Synchronization

/// A distribution of latencies; recording is two relaxed atomic additions, without a lock or an allocation.
///
/// The buckets are those of every latency here: four per octave from 50 µs to 9.830,4 s.
///
/// Safe to share: the cells are atomics, and their memory lives as long as the histogram.
package final class Histogram: @unchecked Sendable {
    private let buckets: UnsafeMutablePointer<Atomic<UInt64>>
    private let nanoseconds = Atomic<UInt64>(0)

    init() {
        buckets = .allocate(capacity: LatencyBuckets.count)
        for index in 0..<LatencyBuckets.count { (buckets + index).initialize(to: Atomic(0)) }
    }

    deinit {
        buckets.deinitialize(count: LatencyBuckets.count)
        buckets.deallocate()
    }

    package func record(nanoseconds value: UInt64) {
        buckets[LatencyBuckets.index(nanoseconds: value)].add(1, ordering: .relaxed)
        nanoseconds.wrappingAdd(value, ordering: .relaxed)
    }

    /// A negative duration, which only a clock set back can give, counts as zero.
    package func record(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return record(nanoseconds: 0) }
        record(nanoseconds: UInt64(seconds) &* 1_000_000_000 &+ UInt64(attoseconds) / 1_000_000_000)
    }

    /// Records the time from `start` to now.
    package func record(since start: ContinuousClock.Instant) {
        record(ContinuousClock.now - start)
    }

    /// Values recorded so far; O(buckets).
    package var count: UInt64 { snapshot().counts.reduce(0, +) }

    /// The counts per bucket (not cumulative) and the sum, each cell read at its own moment.
    func snapshot() -> (counts: [UInt64], nanoseconds: UInt64) {
        let counts = (0..<LatencyBuckets.count).map { buckets[$0].load(ordering: .relaxed) }
        return (counts, nanoseconds.load(ordering: .relaxed))
    }
}
