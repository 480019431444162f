/// A set of ranks, a bit each: 0 is the most popular item.
struct RankSet: Sendable {
    private var bits: [UInt64]

    /// - Parameter ranks: how many there are to choose from.
    init(of ranks: Int) { bits = [UInt64](repeating: 0, count: (ranks + 63) / 64) }

    var isEmpty: Bool { bits.allSatisfy { $0 == 0 } }
    var count: Int { bits.reduce(0) { $0 + $1.nonzeroBitCount } }

    mutating func insert(_ ranks: ArraySlice<Int32>) {
        for rank in ranks { bits[Int(rank) / 64] |= 1 << UInt64(rank % 64) }
    }

    func union(_ other: RankSet) -> RankSet { merged(with: other) { $0 | $1 } }
    func intersection(_ other: RankSet) -> RankSet { merged(with: other) { $0 & $1 } }
    func subtracting(_ other: RankSet) -> RankSet { merged(with: other) { $0 & ~$1 } }

    private func merged(with other: RankSet, _ merge: (UInt64, UInt64) -> UInt64) -> RankSet {
        var merged = self
        for word in bits.indices { merged.bits[word] = merge(bits[word], other.bits[word]) }
        return merged
    }

    /// The lowest rank from `start` on; nil where there is none.
    func first(from start: Int) -> Int? {
        var word = start / 64
        guard word < bits.count else { return nil }
        var rest = bits[word] & (UInt64.max << UInt64(start % 64))
        while rest == 0 {
            word += 1
            guard word < bits.count else { return nil }
            rest = bits[word]
        }
        return word * 64 + rest.trailingZeroBitCount
    }
}
