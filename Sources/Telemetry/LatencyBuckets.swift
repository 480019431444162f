/// The buckets of every latency histogram: four per octave, each octave cut linearly.
///
/// Bound number 4·o + j is 50 µs · 2ᵒ · (1 + j/4): 50, 62.5, 75, 87.5, 100, 125, … µs up to 9.830,4 s, the last below
/// 10 s; 71 bounds, then +Inf. A bucket is at most a quarter wider than its lower bound, so that is the error of a
/// quantile read from it. A value equal to a bound belongs to the bucket below it, as `le` says.
enum LatencyBuckets {
    /// A quarter of the first bound, in nanoseconds: every bound is a whole multiple of it.
    private static let unit: UInt64 = 12_500

    /// Bounds in nanoseconds, ascending.
    static let bounds: [UInt64] = (0..<71).map { unit * UInt64(4 + $0 % 4) << UInt64($0 / 4) }

    /// The bounds and the bucket above the last.
    static let count = bounds.count + 1

    /// The first bucket whose bound is not below the value; O(1).
    static func index(nanoseconds: UInt64) -> Int {
        // Units that lie wholly below the value: n units and a half are n, n units exactly are n − 1.
        let units = (max(nanoseconds, 1) - 1) / unit
        guard units >= 4 else { return 0 }
        // `units` is 1xy… in binary: the place of the leading one is the octave, x and y are the quarter.
        let octave = units.bitWidth - units.leadingZeroBitCount - 3
        let quarter = Int(units >> UInt64(octave)) - 4
        return min(4 * octave + quarter + 1, count - 1)
    }
}
