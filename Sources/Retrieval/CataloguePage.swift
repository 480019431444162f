/// Some items of the catalogue, and where the next ones begin.
package struct CataloguePage: Sendable {
    package struct Result: Sendable, Equatable {
        package let item: Item
        /// Nil where nothing was looked for.
        package let match: TitleMatch?
    }

    package let generation: Int
    /// From a file that the database has not confirmed.
    package let isDegraded: Bool
    package let requested: Int
    /// On all pages.
    package let total: Int
    package let results: [Result]
    /// Nil on the last page.
    package let next: CatalogueCursor?
    /// Ids that were asked for and that no item has; nil where none were asked for.
    package let missing: [Int32]?
    /// Of all pages; nil where they are not wanted.
    package let facets: CatalogueFacets?
}

/// How many items there are of each tag and of each year.
package struct CatalogueFacets: Sendable, Equatable {
    package struct Tag: Sendable, Equatable {
        package let name: String
        package let count: Int
    }

    package struct Year: Sendable, Equatable {
        package let year: Int
        package let count: Int
    }

    /// The most frequent first, then by name.
    package let tags: [Tag]
    /// Ascending; items without a year are in none.
    package let years: [Year]

    /// O(rows), as names are looked at once for each list of tags and not for each item.
    init(_ items: ItemTable, rows: some Sequence<Int32>) {
        var lists = [Int](repeating: 0, count: items.tags.values.count)
        var years = [Int](repeating: 0, count: items.years.values.count)
        for row in rows {
            lists[Int(items.tags.places[Int(row)])] += 1
            years[Int(items.years.places[Int(row)])] += 1
        }
        var tags: [String: (name: String, count: Int)] = [:]
        for (names, count) in zip(items.tags.values, lists) where count > 0 {
            // As filters do, whatever the case.
            for (key, name) in Dictionary(names.map { ($0.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
            {
                tags[key, default: (name, 0)].count += count
            }
        }
        self.tags = tags.values.map { Tag(name: $0.name, count: $0.count) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        self.years = zip(items.years.values, years).compactMap { year, count in
            guard let year, count > 0 else { return nil }
            return Year(year: year, count: count)
        }.sorted { $0.year < $1.year }
    }
}
