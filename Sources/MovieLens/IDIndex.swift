/// From an id to the row it has in a list of ids.
///
/// A table for ids that lie close together, as those of MovieLens do: a look-up of a rating's two ids must cost no more
/// than reading them. A dictionary otherwise.
package struct IDIndex: Sendable {
    private let storage: Storage

    private enum Storage {
        case table(first: Int, rows: [Int32])
        case dictionary([Int32: Int32])
    }

    /// - Parameter ids: each appears once. O(ids).
    package init(_ ids: [Int32]) {
        let first = Int(ids.min() ?? 0)
        let span = Int(ids.max() ?? -1) - first + 1
        guard span <= 16 * ids.count + 1_024 else {
            storage = .dictionary(Dictionary(uniqueKeysWithValues: zip(ids, Int32(0)...)))
            return
        }
        var rows = [Int32](repeating: -1, count: span)
        for (row, id) in ids.enumerated() {
            precondition(rows[Int(id) - first] < 0, "id \(id) appears twice")
            rows[Int(id) - first] = Int32(row)
        }
        storage = .table(first: first, rows: rows)
    }

    /// Nil for an id that is not in the list. O(1).
    package func row(of id: Int32) -> Int? {
        switch storage {
        case .table(let first, let rows):
            let position = Int(id) - first
            guard position >= 0, position < rows.count, rows[position] >= 0 else { return nil }
            return Int(rows[position])
        case .dictionary(let rows):
            return rows[id].map(Int.init)
        }
    }
}
