import Foundation

/// Which ids are asked for how often.
package enum Distribution: String, Sendable, CaseIterable {
    case uniform
    /// The n-th id of the range is asked for 1/n as often as the first.
    case zipf
}

/// Draws ids from a range; O(1) in time and memory, whatever the range.
package struct IDSampler: Sendable {
    private let ids: ClosedRange<Int>
    private let distribution: Distribution
    private var generator: SeededGenerator

    package init(_ distribution: Distribution, ids: ClosedRange<Int>, seed: UInt64) {
        self.ids = ids
        self.distribution = distribution
        generator = SeededGenerator(seed: seed)
    }

    package mutating func next() -> Int {
        switch distribution {
        case .uniform: Int.random(in: ids, using: &generator)
        case .zipf: ids.lowerBound + zipfRank() - 1
        }
    }

    /// A rank from 1 with probability proportional to 1/rank.
    ///
    /// Rejection-inversion (Hörmann & Derflinger 1996) for exponent 1: 1/x is inverted as if ranks were continuous,
    /// the result rounded, and what the rounding took too often is rejected; fewer than 1 in 4 draws are.
    private mutating func zipfRank() -> Int {
        let count = Double(ids.count)
        // The integral of 1/x is ln x. The first rank's part begins one below, where the hat's area is its probability, 1.
        let low = log(1.5) - 1
        let high = log(count + 0.5)
        while true {
            let area = low + generator.unit() * (high - low)
            let rank = min(max(exp(area).rounded(), 1), count)
            if area >= log(rank + 0.5) - 1 / rank { return Int(rank) }
        }
    }
}
