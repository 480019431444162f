import ModelBundle
import MovieLens

/// What generated items are, but for their vectors.
struct DrawnItems {
    struct Item {
        let cluster: Int32
        let genres: UInt32
        /// How much it is watched, above 0 to 1: half of the items below 0.12, one in a hundred above 0.7, as the lengths of
        /// the vectors learned from MovieLens 100k are.
        let popularity: Float
        let year: Int32
    }

    let all: [Item]
    private let seed: UInt64
    /// Item rows, cluster after cluster.
    private let rows: [Int32]
    private let starts: [Int]

    init(count: Int, clusters: [ItemCluster], seed: UInt64) {
        self.seed = seed
        all = (0..<count).map { index in
            var random = RandomStream.items.generator(index, seed: seed)
            let cluster = clusters.cluster(at: random.uniform())
            return Item(
                cluster: Int32(cluster), genres: DrawnItems.genres(clusters[cluster], &random),
                popularity: DrawnItems.popularity(&random), year: Int32(DrawnItems.years(&random)))
        }
        var starts = [Int](repeating: 0, count: clusters.count + 1)
        for item in all { starts[Int(item.cluster) + 1] += 1 }
        for cluster in clusters.indices { starts[cluster + 1] += starts[cluster] }
        var ends = starts
        var rows = [Int32](repeating: 0, count: count)
        for (row, item) in all.enumerated() {
            rows[ends[Int(item.cluster)]] = Int32(row)
            ends[Int(item.cluster)] += 1
        }
        self.starts = starts
        self.rows = rows
    }

    /// The item rows of a cluster.
    subscript(cluster cluster: Int) -> ArraySlice<Int32> { rows[starts[cluster]..<starts[cluster + 1]] }

    /// Most have a genre of their cluster, and some a second one of any kind.
    private static func genres(_ cluster: ItemCluster, _ random: inout SplitMix64) -> UInt32 {
        let isTypical = random.below(5) > 0
        let other = GenreShares.draw(&random)
        if isTypical { return random.below(3) > 0 ? cluster.genres : cluster.genres | other }
        return other
    }

    private static func popularity(_ random: inout SplitMix64) -> Float {
        let uniform = random.uniform()
        let square = uniform * uniform
        var high = square
        for _ in 0..<4 { high *= high }
        // u³² · u¹⁶: a head that one in fifty belongs to.
        return Float(0.02 + 0.4 * square + 0.58 * high * high.squareRoot())
    }

    /// 1930 to 2025, more of them late.
    private static func years(_ random: inout SplitMix64) -> Int { 1930 + Int(96 * random.uniform().squareRoot()) }

    /// In a hundred one has neither a date nor a year.
    var catalogue: [CatalogueItem] {
        let width = max(4, String(all.count).count)
        return all.enumerated().map { row, item in
            var random = RandomStream.dates.generator(row, seed: seed)
            let number = String(row + 1)
            let title = "Generated " + String(repeating: "0", count: width - number.count) + number
            let date = CivilDate(year: Int(item.year), month: 1 + random.below(12), day: 1 + random.below(28))
            guard random.below(100) > 0 else {
                return CatalogueItem(id: Int32(row + 1), title: title, tags: GenreShares.names(item.genres))
            }
            return CatalogueItem(
                id: Int32(row + 1), title: "\(title) (\(item.year))", released: date?.description,
                tags: GenreShares.names(item.genres), attributes: ["year": String(item.year)])
        }
    }
}
