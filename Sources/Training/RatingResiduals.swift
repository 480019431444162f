/// What biases leave of the ratings: r − μ − b_u − b_i.
///
/// Source: Koren, "Factor in the neighbors" (ACM TKDD 2010): shrunken baseline estimates, alternated until they agree.
struct RatingResiduals {
    let mean: Double
    let items: [Double]
    /// By entry of the matrix.
    let values: [Double]

    private static let sweeps = 8

    init(_ ratings: RatingMatrix, _ parameters: RatingHeadParameters) {
        let entries = ratings.entries
        let mean = entries.reduce(0) { $0 + Double($1.rating) } / Double(max(entries.count, 1))
        var users = [Double](repeating: 0, count: ratings.users)
        var items = [Double](repeating: 0, count: ratings.items)
        for _ in 0..<RatingResiduals.sweeps {
            var sums = [Double](repeating: 0, count: ratings.items)
            for entry in entries { sums[entry.item] += Double(entry.rating) - mean - users[entry.user] }
            for item in sums.indices {
                items[item] = sums[item] / (Double(ratings.itemCounts[item]) + parameters.itemShrinkage)
            }
            sums = [Double](repeating: 0, count: ratings.users)
            for entry in entries { sums[entry.user] += Double(entry.rating) - mean - items[entry.item] }
            for user in sums.indices {
                users[user] = sums[user] / (Double(ratings.userCounts[user]) + parameters.userShrinkage)
            }
        }
        self.mean = mean
        self.items = items
        values = entries.map { Double($0.rating) - mean - users[$0.user] - items[$0.item] }
    }
}
