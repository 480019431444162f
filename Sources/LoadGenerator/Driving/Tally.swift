import Histogram

/// What happened to the requests whose intended times lie in one part of the measured time.
struct Tally {
    private(set) var ok = 0
    /// Everything else: wrong, refused, failed, given up.
    private(set) var faults = 0
    /// Microseconds.
    private(set) var latencies: Histogram<UInt64>

    init(digits: SignificantDigits) {
        latencies = Histogram(highestTrackableValue: Tally.longest, numberOfSignificantValueDigits: digits)
    }

    /// An hour: no timeout is longer.
    static let longest: UInt64 = 3_600_000_000

    mutating func answered(after microseconds: UInt64) {
        ok += 1
        latencies.record(min(microseconds, Tally.longest))
    }

    /// - Parameter microseconds: the age of a request that was given up; nil for what ended sooner, such as a quick
    ///   refusal, which would flatter the percentiles.
    mutating func failed(after microseconds: UInt64? = nil) {
        faults += 1
        if let microseconds { latencies.record(min(microseconds, Tally.longest)) }
    }

    /// nil without a sample.
    func milliseconds(atPercentile percentile: Double) -> Double? {
        latencies.totalCount == 0 ? nil : Double(latencies.valueAtPercentile(percentile)) / 1e3
    }
}
