import ModelBundle
import MovieLens

/// What a generated user has seen: some twenty items of three clusters, the popular ones rather than the others.
struct ItemHistory {
    let interactions: [Interaction]
    let entries: [UserEncoder.Entry]

    static let longest = 30
    private static let shortest = 10

    static func draw(users: Int, _ items: DrawnItems, clusters: [ItemCluster], seed: UInt64) -> [ItemHistory] {
        (0..<users).map { user in
            var random = RandomStream.histories.generator(user, seed: seed)
            return ItemHistory(user: Int32(user + 1), items, clusters: clusters, random: &random)
        }
    }

    private init(user: Int32, _ items: DrawnItems, clusters: [ItemCluster], random: inout SplitMix64) {
        let favourites = (0..<3).map { _ in clusters.cluster(at: random.uniform()) }
        let count = Self.shortest + random.below(Self.longest - Self.shortest + 1)
        var seen: Set<Int32> = []
        while seen.count < count {
            let row = Self.item(of: favourites[random.below(3)], items, &random)
            // A small cluster may be exhausted.
            seen.insert(seen.contains(row) ? Int32(random.below(items.all.count)) : row)
        }
        let start: Int64 = 1_700_000_000
        let year = 31_536_000
        interactions = seen.sorted().map { row in
            let stars = 3.5 + Double(items.all[Int(row)].popularity) + random.bell()
            return Interaction(
                user: user, item: row + 1, value: Float(min(5, max(1, stars.rounded()))),
                timestamp: start + Int64(random.below(year)))
        }
        entries = interactions.map { UserEncoder.Entry(row: Int($0.item) - 1, rating: $0.value) }
    }

    /// The most popular of three; any item where the cluster has none.
    private static func item(of cluster: Int, _ items: DrawnItems, _ random: inout SplitMix64) -> Int32 {
        let rows = items[cluster: cluster]
        guard !rows.isEmpty else { return Int32(random.below(items.all.count)) }
        let drawn = (0..<3).map { _ in rows[rows.startIndex + random.below(rows.count)] }
        return drawn.max { items.all[Int($0)].popularity < items.all[Int($1)].popularity }!
    }
}
