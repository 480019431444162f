import MovieLens

/// Items that have something in common.
struct ItemCluster {
    /// Of norm 1.
    let centre: [Double]
    /// The expected distance of an item from the centre: neighbours within a cluster have a cosine of about .9 in the
    /// narrowest and .5 in the widest.
    let spread: Double
    /// The genres that most of its items have, one bit each.
    let genres: UInt32
    /// Share of the items in this cluster and all before it.
    let cumulativeShare: Double

    /// How much of the spread is along each coordinate: 1 / √(1 + place / 8), scaled to a sum of squares of 1.
    static func profile(_ coordinates: Int) -> [Double] {
        let squares = (0..<coordinates).map { 1 / (1 + Double($0) / 8) }
        let total = squares.reduce(0, +)
        return squares.map { ($0 / total).squareRoot() }
    }

    /// Their sizes are a power law: of a thousand clusters the largest has some fifty times the items of the smallest.
    static func draw(_ count: Int, coordinates: Int, seed: UInt64) -> [ItemCluster] {
        let profile = profile(coordinates)
        let weights = (0..<count).map { 1 / (Double($0) + 1 + Double(count) / 50) }
        let total = weights.reduce(0, +)
        var share = 0.0
        return weights.enumerated().map { index, weight in
            var random = RandomStream.clusters.generator(index, seed: seed)
            share += weight / total
            let direction = profile.map { $0 * random.bell() }
            let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return ItemCluster(
                centre: direction.map { $0 / norm }, spread: 0.35 + 0.65 * random.uniform(),
                genres: GenreShares.draw(&random) | GenreShares.draw(&random), cumulativeShare: share)
        }
    }
}

extension [ItemCluster] {
    /// The cluster that the share `uniform` of the items reaches into. O(log clusters).
    func cluster(at uniform: Double) -> Int {
        var low = 0
        var high = count - 1
        while low < high {
            let middle = (low + high) / 2
            if self[middle].cumulativeShare <= uniform { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
