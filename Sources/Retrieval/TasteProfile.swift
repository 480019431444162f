/// What somebody's ratings say: of which tags and years the items are, beside what everybody rates.
package struct TasteProfile: Sendable, Equatable {
    package struct Tag: Sendable, Equatable {
        package let name: String
        package let count: Int
        /// Of the rated items, 0 to 1; an item with several tags counts for each.
        package let share: Double
        /// The share as a multiple of that among all ratings of the catalogue; nil where nobody has rated such an item.
        package let lift: Double?
        /// Nil where ratings are not known.
        package let meanRating: Double?
    }

    package struct Decade: Sendable, Equatable {
        /// Its first year.
        package let decade: Int
        package let count: Int
        package let share: Double
    }

    /// Items rated.
    package let ratings: Int
    /// Nil where there are none, or they are not known.
    package let meanRating: Double?
    /// The most frequent first, then by name.
    package let tags: [Tag]
    /// Ascending; items without a year are in none.
    package let decades: [Decade]

    /// - Parameters:
    ///   - ratings: at most one of each item.
    ///   - shares: those of tags among all ratings of the catalogue, by name.
    init(
        _ ratings: [(itemID: Int32, value: Double?)], items: ItemTable, rows: RowIndex, shares: [String: Double]
    ) {
        var tags: [String: [Double?]] = [:]
        var decades: [Int: Int] = [:]
        for rating in ratings {
            // An item that came after this generation says nothing here.
            guard let row = rows[rating.itemID] else { continue }
            for tag in Set(items.tags[Int(row)]) { tags[tag, default: []].append(rating.value) }
            if let year = items.years[Int(row)] { decades[year - year % 10, default: 0] += 1 }
        }
        let count = ratings.count
        self.ratings = count
        meanRating = Self.mean(ratings.map(\.value))
        self.tags = tags.map { name, values in
            let share = Double(values.count) / Double(count)
            return Tag(
                name: name, count: values.count, share: share, lift: shares[name].map { share / $0 },
                meanRating: Self.mean(values))
        }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        self.decades = decades.map { Decade(decade: $0, count: $1, share: Double($1) / Double(count)) }
            .sorted { $0.decade < $1.decade }
    }

    /// Nil where one is missing, or all are.
    private static func mean(_ values: [Double?]) -> Double? {
        let known = values.compactMap(\.self)
        guard !known.isEmpty, known.count == values.count else { return nil }
        return known.reduce(0, +) / Double(known.count)
    }

    /// The share of each tag among all ratings of the catalogue: above 0. O(ratings).
    static func shares(_ items: ItemTable, _ seen: SeenLists) -> [String: Double] {
        var lists = [Int](repeating: 0, count: items.tags.values.count)
        for row in seen.rows { lists[Int(items.tags.places[Int(row)])] += 1 }
        var counts: [String: Int] = [:]
        for (names, count) in zip(items.tags.values, lists) where count > 0 {
            for name in Set(names) { counts[name, default: 0] += count }
        }
        return counts.mapValues { Double($0) / Double(seen.rows.count) }
    }
}
