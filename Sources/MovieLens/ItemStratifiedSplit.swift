/// Three quarters of every movie's ratings to learn from, the rest to be tested on.
///
/// The protocol of the published `recommenders` benchmark: one random number per rating in file order; within a
/// movie the ratings with the smallest numbers are learned from, round(0.75 · count) of them, half to even.
package struct ItemStratifiedSplit: Sendable {
    package let train: [Rating]
    package let test: [Rating]

    /// - Parameter ratings: in the order of `u.data`. O(n log n).
    package init(_ ratings: [Rating], seed: UInt32 = 42, trainShare: Double = 0.75) {
        var random = MersenneTwister(seed: seed)
        let keys = ratings.map { _ in random.uniform() }
        let order = ratings.indices.sorted { (ratings[$0].item, keys[$0]) < (ratings[$1].item, keys[$1]) }
        var train: [Rating] = []
        var test: [Rating] = []
        var start = 0
        while start < order.count {
            let item = ratings[order[start]].item
            var end = start
            while end < order.count, ratings[order[end]].item == item { end += 1 }
            let kept = Int((trainShare * Double(end - start)).rounded(.toNearestOrEven))
            train += order[start..<start + kept].map { ratings[$0] }
            test += order[start + kept..<end].map { ratings[$0] }
            start = end
        }
        self.train = train
        self.test = test
    }
}
