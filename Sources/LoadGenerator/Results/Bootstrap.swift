/// Intervals by resampling.
package enum Bootstrap {
    /// The 95 % percentile interval of median(`a`) / median(`b`) over 10,000 resamples of each; nil with fewer than 2
    /// values on a side. Seeded: the same values give the same interval.
    package static func ratioOfMedians(_ a: [Double], over b: [Double]) -> Interval? {
        guard a.count >= 2, b.count >= 2 else { return nil }
        var generator = SeededGenerator(seed: 42)
        func resampledMedian(_ values: [Double]) -> Double {
            let drawn = values.map { _ in values[Int.random(in: 0..<values.count, using: &generator)] }
            return OrderStatistics.median(drawn) ?? .nan
        }
        let ratios = (0..<10_000).map { _ in resampledMedian(a) / resampledMedian(b) }.sorted()
        return Interval(low: ratios[249], high: ratios[9_749], confidence: 0.95)
    }
}
