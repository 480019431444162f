/// What answers say about the items, by row: some fifty bytes an item, where an ``Item`` of its own takes several times
/// that.
package struct ItemTable: Sendable, Equatable, RandomAccessCollection {
    private(set) var ids: [Int32] = []
    /// The titles' UTF-8, one after the other.
    private var titles: [UInt8] = []
    private var titleEnds: [Int] = []
    private(set) var years = Interned<Int?>()
    private var releases = Interned<String?>()
    private(set) var tags = Interned<[String]>()

    /// - Parameter capacity: the items to expect.
    init(capacity: Int = 0) {
        ids.reserveCapacity(capacity)
        titleEnds.reserveCapacity(capacity)
        years.reserveCapacity(capacity)
        releases.reserveCapacity(capacity)
        tags.reserveCapacity(capacity)
    }

    mutating func append(_ item: Item) {
        ids.append(item.id)
        titles.append(contentsOf: item.title.utf8)
        titleEnds.append(titles.count)
        years.append(item.year)
        releases.append(item.released)
        tags.append(item.tags)
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { ids.count }

    package subscript(row: Int) -> Item {
        Item(id: ids[row], title: title(row), year: years[row], released: releases[row], tags: tags[row])
    }

    func title(_ row: Int) -> String {
        let start = row == 0 ? 0 : titleEnds[row - 1]
        return String(decoding: titles[start..<titleEnds[row]], as: UTF8.self)
    }
}
