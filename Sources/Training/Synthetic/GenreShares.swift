import MovieLens

/// The genres of generated items, as unevenly used as in MovieLens: a filter leaves half of the catalogue or next to none.
enum GenreShares {
    /// Parallel to `names`, in percent.
    private static let weights = [
        12.0, 6, 1, 3, 17, 5, 1, 25, 0.5, 0.1, 4, 1.5, 2, 8, 4, 9, 1, 0.3,
    ]
    private static let total = weights.reduce(0, +)

    static let names = SyntheticCatalogue.genres
    static var count: Int { names.count }

    /// One genre, as one bit.
    static func draw(_ random: inout SplitMix64) -> UInt32 {
        var left = random.uniform() * total
        for (genre, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return 1 << UInt32(genre) }
        }
        return 1
    }

    static func names(_ bits: UInt32) -> [String] {
        names.indices.filter { bits & 1 << UInt32($0) != 0 }.map { names[$0] }
    }
}
