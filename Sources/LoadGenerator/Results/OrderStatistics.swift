/// An interval that covers what is estimated with a stated probability.
package struct Interval: Sendable, Codable, Equatable {
    package let low: Double
    package let high: Double
    /// The probability, 0 to 1, that such an interval covers the true median.
    package let confidence: Double

    package init(low: Double, high: Double, confidence: Double) {
        self.low = low
        self.high = high
        self.confidence = confidence
    }
}

/// The median and its interval, free of any assumption about the distribution.
///
/// Between the j-th smallest and the j-th largest of n independent values lies their median with the probability
/// 1 − 2 P(B < j), B binomial (n, ½) (David & Nagaraja, Order Statistics, 7.1).
package enum OrderStatistics {
    /// nil without values.
    package static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// The narrowest interval of at least 95 %; with fewer than 6 values the widest, which covers less and says so.
    /// nil with fewer than 2.
    package static func interval(_ values: [Double]) -> Interval? {
        guard values.count >= 2 else { return nil }
        let sorted = values.sorted()
        var rank = 1
        while rank + 1 <= sorted.count / 2, coverage(count: sorted.count, rank: rank + 1) >= 0.95 { rank += 1 }
        return Interval(
            low: sorted[rank - 1], high: sorted[sorted.count - rank],
            confidence: coverage(count: sorted.count, rank: rank))
    }

    static func coverage(count: Int, rank: Int) -> Double {
        var term = 1.0
        for _ in 0..<count { term /= 2 }
        var below = 0.0
        for hits in 0..<rank {
            below += term
            term *= Double(count - hits) / Double(hits + 1)
        }
        return 1 - 2 * below
    }
}
