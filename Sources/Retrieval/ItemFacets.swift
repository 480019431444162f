import Kernels

/// The items of a generation by what filters ask of them.
struct ItemFacets: Sendable {
    private struct Tag {
        /// As the catalogue writes it.
        let name: String
        /// One bit for each item row.
        var rows: [UInt64]
    }

    /// By name in lower case.
    private let tags: [String: Tag]
    /// By item row; `Int16.min` for an item without a year.
    private let years: [Int16]
    private var words: Int { (years.count + 63) / 64 }

    /// O(rows), as names are looked at once for each list of tags and not for each item.
    init(_ items: ItemTable) {
        let words = (items.count + 63) / 64
        var places: [String: Int] = [:]
        var tags: [Tag] = []
        let lists = items.tags.values.map { names in
            names.map { name in
                let key = name.lowercased()
                if let place = places[key] { return place }
                places[key] = tags.count
                tags.append(Tag(name: name, rows: [UInt64](repeating: 0, count: words)))
                return tags.count - 1
            }
        }
        for (row, list) in items.tags.places.enumerated() {
            for tag in lists[Int(list)] { tags[tag].rows[row / 64] |= 1 << UInt64(row % 64) }
        }
        self.tags = places.mapValues { tags[$0] }
        let years = items.years.values.map { year in year.flatMap { Int16(exactly: $0) } ?? .min }
        self.years = items.years.places.map { years[Int($0)] }
    }

    /// The rows that a filter selects; nil where it selects all. Ids that the generation has not are in no answer.
    ///
    /// O(rows).
    ///
    /// - Throws: ``RetrievalError/unknownTag(_:known:)``: a slip of the pen is no wish for nothing.
    func rows(_ filter: ItemFilter, itemRows: RowIndex) throws(RetrievalError) -> RowSet? {
        guard filter.selects else { return nil }
        let needed = filter.tags.isEmpty ? nil : try anyOf(filter.tags)
        if let ids = filter.ids {
            return RowSet(
                ids.compactMap { itemRows[$0] }.filter { row in
                    isIn(row, needed) && filter.years.map { $0.contains(Int(years[Int(row)])) } ?? true
                })
        }
        guard let range = filter.years else { return needed.map { RowSet(bits: $0) } }
        var bits = within(range)
        if let needed { for word in bits.indices { bits[word] &= needed[word] } }
        return RowSet(bits: bits)
    }

    private func isIn(_ row: Int32, _ bits: [UInt64]?) -> Bool {
        bits.map { $0[Int(row) / 64] & (1 << UInt64(row % 64)) != 0 } ?? true
    }

    private func anyOf(_ names: [String]) throws(RetrievalError) -> [UInt64] {
        var bits = [UInt64](repeating: 0, count: words)
        for name in names {
            guard let tag = tags[name] else {
                throw .unknownTag(name, known: tags.values.map(\.name).sorted())
            }
            for word in bits.indices { bits[word] |= tag.rows[word] }
        }
        return bits
    }

    private func within(_ range: ClosedRange<Int>) -> [UInt64] {
        let first = Int16(clamping: max(range.lowerBound, Int(Int16.min) + 1))
        let last = Int16(clamping: range.upperBound)
        return (0..<words).map { word in
            var bits: UInt64 = 0
            for row in word * 64..<min(word * 64 + 64, years.count) where years[row] >= first && years[row] <= last {
                bits |= 1 << UInt64(row % 64)
            }
            return bits
        }
    }
}
