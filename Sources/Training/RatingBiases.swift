/// What a rating would be if taste did not matter: μ + b_u + b_i.
///
/// Source: Koren, "Factor in the neighbors" (ACM TKDD 2010), the baseline estimates with shrinkage: b_i from r − μ, then
/// b_u from r − μ − b_i, each sum divided by its count plus the shrinkage.
struct RatingBiases {
    let mean: Double
    let users: [Double]
    let items: [Double]

    init(_ ratings: RatingMatrix, shrinkage: Double) {
        let mean = ratings.entries.reduce(0) { $0 + Double($1.rating) } / Double(max(ratings.entries.count, 1))
        var items = [Double](repeating: 0, count: ratings.items)
        for entry in ratings.entries { items[entry.item] += Double(entry.rating) - mean }
        for item in items.indices { items[item] /= Double(ratings.itemCounts[item]) + shrinkage }
        var users = [Double](repeating: 0, count: ratings.users)
        for entry in ratings.entries { users[entry.user] += Double(entry.rating) - mean - items[entry.item] }
        for user in users.indices { users[user] /= Double(ratings.userCounts[user]) + shrinkage }
        self.mean = mean
        self.users = users
        self.items = items
    }

    func expected(user: Int, item: Int) -> Double {
        mean + users[user] + items[item]
    }
}
