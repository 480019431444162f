import Testing

@testable import Retrieval

@Suite struct ItemTableTests {
    private let items = [
        Item(id: -3, title: "", year: nil, released: nil, tags: []),
        Item(id: 1, title: "Amélie 🎬", year: 2001, released: "2001-04-25", tags: ["Comedy", "Romance"]),
        Item(id: 2, title: "Metropolis", year: 1927, released: "0012-01-10 BC", tags: ["Romance", "Comedy"]),
        Item(id: 9, title: "Metropolis", year: 2001, released: "2001-04-25", tags: ["Comedy", "Romance"]),
    ]

    @Test("a table hands out the items it was given")
    func handsOut() {
        var table = ItemTable(capacity: 1)
        #expect(table.isEmpty)
        for item in items { table.append(item) }
        #expect(Array(table) == items && table.ids == items.map(\.id))
        var copy = ItemTable()
        for item in table { copy.append(item) }
        #expect(copy == table)
        copy.append(items[0])
        #expect(copy != table)
    }

    @Test(
        "every id has its row and no other id has one",
        arguments: [[], [7], [1, 2, 3, 4], [-5, 0, 4, 6], [3, 900_000, 2_000_000_000], [.min, 0, .max]])
    func rows(ids: [Int32]) {
        let index = RowIndex(ids)
        #expect(index.count == ids.count && index.ids == ids)
        for (row, id) in ids.enumerated() { #expect(index[id] == Int32(row)) }
        for id in [Int32.min, -1, 0, 1, 5, 899_999, .max] where !ids.contains(id) { #expect(index[id] == nil) }
    }

    @Test("what most users have comes first, then the lower row")
    func popular() {
        let seen = SeenLists(
            users: 3, pairs: [(0, 1), (0, 4), (1, 1), (1, 2), (1, 4), (2, 4)], values: [1, 2, 3, 4, 5, 1])
        #expect(seen.popular(items: 6) == [4, 1, 2, 0, 3, 5])
        #expect(SeenLists(users: 0, pairs: [], values: []).popular(items: 0).isEmpty)
        #expect(SeenLists(users: 0, pairs: [], values: []).popular(items: 2) == [0, 1])
    }
}
