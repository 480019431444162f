import Testing

@testable import Retrieval

@Suite struct TasteProfileTests {
    private static let items: ItemTable = {
        var items = ItemTable()
        for (id, year, tags) in [
            (1, 1990, ["Drama"]), (2, 1999, ["Drama", "War"]), (3, 1985, ["War"]), (4, nil, ["Comedy", "Comedy"]),
            (5, 1990, []),
        ] as [(Int32, Int?, [String])] {
            items.append(Item(id: id, title: "\(id)", year: year, released: nil, tags: tags))
        }
        return items
    }()

    /// Two users: the first rated items 1, 2 and 4, the second 2.
    private static let shares = TasteProfile.shares(
        items, SeenLists(users: 2, pairs: [(0, 0), (0, 1), (0, 3), (1, 1)], values: [5, 4, 3, 4]))

    @Test("shares are of the ratings, and a tag counts once an item")
    func shares() {
        #expect(Self.shares == ["Drama": 0.75, "War": 0.5, "Comedy": 0.25])
    }

    @Test("a taste is counted by genre and decade, beside everybody's")
    func taste() {
        let taste = TasteProfile(
            [(1, 5), (2, 4), (4, 3), (99, 2)], items: Self.items, rows: RowIndex(Self.items.ids), shares: Self.shares)
        #expect(taste.ratings == 4 && taste.meanRating == 3.5)
        #expect(
            taste.tags == [
                .init(name: "Drama", count: 2, share: 0.5, lift: 0.5 / 0.75, meanRating: 4.5),
                .init(name: "Comedy", count: 1, share: 0.25, lift: 1, meanRating: 3),
                .init(name: "War", count: 1, share: 0.25, lift: 0.5, meanRating: 4),
            ])
        #expect(taste.decades == [.init(decade: 1990, count: 2, share: 0.5)])
    }

    @Test("what is not known is not made up")
    func unknown() {
        let none = TasteProfile([], items: Self.items, rows: RowIndex(Self.items.ids), shares: Self.shares)
        #expect(none.ratings == 0 && none.meanRating == nil && none.tags.isEmpty && none.decades.isEmpty)
        let unrated = TasteProfile([(3, nil)], items: Self.items, rows: RowIndex(Self.items.ids), shares: [:])
        #expect(unrated.meanRating == nil)
        #expect(unrated.tags == [.init(name: "War", count: 1, share: 1, lift: nil, meanRating: nil)])
    }

    @Test("the latest rating of an item counts")
    func latest() {
        let entry = { (item: Int32, kind: String, value: Double?) in
            UserHistory.Entry(itemID: item, kind: kind, value: value, occurredAt: nil)
        }
        let history = UserHistory(entries: [
            entry(7, "viewed", nil), entry(7, "rated", 2), entry(8, "watched", 90), entry(9, "rated", 1),
            entry(7, "rated", 5),
        ])
        #expect(history.ratings.map(\.itemID) == [7, 9] && history.ratings.map(\.value) == [2, 1])
    }
}
