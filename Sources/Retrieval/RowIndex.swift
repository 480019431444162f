/// Which row an id has, where ids ascend with the rows.
struct RowIndex: Sendable {
    private enum Storage {
        /// The row of each id from the first to the last; negative where there is none.
        case table(first: Int32, rows: [Int32])
        case scattered([Int32: Int32])
    }

    let count: Int
    private let storage: Storage

    /// - Parameter ids: ascending.
    init(_ ids: [Int32]) {
        count = ids.count
        // A dictionary takes some twenty bytes an id.
        if let first = ids.first, let last = ids.last, Int(last) - Int(first) < 4 * ids.count {
            var rows = [Int32](repeating: -1, count: Int(last) - Int(first) + 1)
            for (row, id) in ids.enumerated() { rows[Int(id) - Int(first)] = Int32(row) }
            storage = .table(first: first, rows: rows)
        } else {
            storage = .scattered(Dictionary(uniqueKeysWithValues: zip(ids, 0..<Int32(ids.count))))
        }
    }

    /// Nil for an id that no row has.
    subscript(id: Int32) -> Int32? {
        switch storage {
        case .table(let first, let rows):
            let place = Int(id) - Int(first)
            guard rows.indices.contains(place), rows[place] >= 0 else { return nil }
            return rows[place]
        case .scattered(let rows): return rows[id]
        }
    }

    /// All ids, ascending.
    var ids: [Int32] {
        switch storage {
        case .table(let first, let rows):
            rows.enumerated().compactMap { $1 < 0 ? nil : first + Int32($0) }
        case .scattered(let rows): rows.keys.sorted()
        }
    }
}
