package import MovieLens

/// Ratings as entries of a users × items matrix.
///
/// Entries are ordered by (user, item) whatever the order of the file: sums then have one order, and the same ratings
/// give the same vectors to the last bit.
package struct RatingMatrix: Sendable {
    package struct Entry: Sendable, Equatable {
        // Rows fit 32 bits, and there are as many entries as ratings.
        let userRow: Int32
        let itemRow: Int32
        package let rating: Float

        package var user: Int { Int(userRow) }
        package var item: Int { Int(itemRow) }
    }

    package let users: Int
    package let items: Int
    /// Ascending by (user, item); rows of the data set's users and movies.
    package let entries: [Entry]
    /// By user row: the range of that user's entries.
    package let ranges: [Range<Int>]
    package let userCounts: [Int]
    package let itemCounts: [Int]

    package init(_ dataset: Dataset) {
        self.init(dataset.ratings, movies: dataset.movies.map(\.id), users: dataset.users.map(\.id))
    }

    /// - Parameters:
    ///   - movies: ids, by item row.
    ///   - users: ids, by user row. Every rating names one of each.
    package init(_ ratings: [Rating], movies: [Int32], users: [Int32]) {
        let itemIndex = IDIndex(movies)
        let userIndex = IDIndex(users)
        let userRows = ratings.map { Int32(userIndex.row(of: $0.user)!) }
        let itemRows = ratings.map { Int32(itemIndex.row(of: $0.item)!) }
        entries = PairOrder.make(users: userRows, among: users.count, items: itemRows, among: movies.count).map {
            let position = Int($0)
            return Entry(
                userRow: userRows[position], itemRow: itemRows[position], rating: ratings[position].value)
        }
        self.users = users.count
        items = movies.count
        var userCounts = [Int](repeating: 0, count: users.count)
        var itemCounts = [Int](repeating: 0, count: movies.count)
        for entry in entries {
            userCounts[entry.user] += 1
            itemCounts[entry.item] += 1
        }
        var start = 0
        ranges = userCounts.map { count in
            defer { start += count }
            return start..<start + count
        }
        self.userCounts = userCounts
        self.itemCounts = itemCounts
    }

    /// The rows of the items with at least one rating.
    var ratedItems: [Int] { itemCounts.indices.filter { itemCounts[$0] > 0 } }

    /// users × items with `value` at each entry.
    func dense(_ value: (Entry) -> Double) -> Matrix {
        var matrix = Matrix(rows: users, columns: items)
        matrix.values.withUnsafeMutableBufferPointer { target in
            for entry in entries { target[entry.user * items + entry.item] = value(entry) }
        }
        return matrix
    }
}
