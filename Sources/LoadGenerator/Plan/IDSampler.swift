import Foundation

/// Which ids are asked for how often.
package enum Distribution: String, Sendable, CaseIterable, Codable {
    case uniform
    /// The n-th id is asked for 1/n as often as the first.
    case zipf
    /// One after the other, from the first again after the last: the same queries in every run.
    case inOrder = "in-order"
}

/// Draws ids; O(1) in time and memory, whatever the size of a range.
package struct IDSampler: Sendable {
    private let ids: IDSet
    private let distribution: Distribution
    private var generator: SeededGenerator
    private var drawn = 0

    package init(_ distribution: Distribution, ids: IDSet, seed: UInt64) {
        self.ids = ids
        self.distribution = distribution
        generator = SeededGenerator(seed: seed)
    }

    package mutating func next() -> Int {
        switch distribution {
        case .uniform: return ids[Int.random(in: 0..<ids.count, using: &generator)]
        case .zipf: return ids[zipfRank() - 1]
        case .inOrder:
            defer { drawn = drawn + 1 == ids.count ? 0 : drawn + 1 }
            return ids[drawn]
        }
    }

    /// So many different ids, at most as many as there are.
    ///
    /// A skewed draw repeats itself, so what is still missing after ten draws each is filled from the first id on.
    package mutating func distinct(_ count: Int) -> [Int] {
        var found: [Int] = []
        var left = 10 * count
        while found.count < count, left > 0 {
            left -= 1
            let id = next()
            if !found.contains(id) { found.append(id) }
        }
        var rank = 0
        while found.count < min(count, ids.count) {
            if !found.contains(ids[rank]) { found.append(ids[rank]) }
            rank += 1
        }
        return found
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
