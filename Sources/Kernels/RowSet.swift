/// An immutable set of matrix rows, for leaving rows out of a scan.
///
/// Few rows are kept sorted and looked up by binary search, so that one request's exclusions cost nothing per
/// row of the catalogue; many become a bitset with O(1) look-up.
package struct RowSet: Sendable {
    /// The set of no rows.
    package static let none = RowSet([Int32]())

    package let count: Int
    private let storage: Storage

    private enum Storage {
        case sorted([Int32])
        case bits([UInt64])
    }

    /// The rows may repeat and come in any order; negative ones are refused. O(n log n).
    package init(_ rows: some Sequence<Int32>) {
        var sorted = rows.sorted()
        precondition((sorted.first ?? 0) >= 0, "a row is not negative")
        var previous: Int32 = -1
        sorted.removeAll { row in
            defer { previous = row }
            return row == previous
        }
        count = sorted.count
        // A bitset reaches as far as the greatest row; it is worth it from where it takes less memory.
        let words = Int(sorted.last ?? -1) / 64 + 1
        guard sorted.count > 2 * words else {
            storage = .sorted(sorted)
            return
        }
        var bits = [UInt64](repeating: 0, count: words)
        for row in sorted { bits[Int(row) / 64] |= 1 << UInt64(row % 64) }
        storage = .bits(bits)
    }

    /// The rows whose bits are set: bit r % 64 of word r / 64 is row r. O(words).
    package init(bits: [UInt64]) {
        count = bits.reduce(0) { $0 + $1.nonzeroBitCount }
        storage = .bits(bits)
    }

    package var isEmpty: Bool { count == 0 }

    /// The rows, ascending. O(count), or O(greatest row) for a dense set.
    package var rows: [Int32] {
        switch storage {
        case .sorted(let rows): return rows
        case .bits(let bits):
            var rows: [Int32] = []
            rows.reserveCapacity(count)
            for (index, word) in bits.enumerated() {
                var rest = word
                while rest != 0 {
                    rows.append(Int32(index * 64 + rest.trailingZeroBitCount))
                    rest &= rest - 1
                }
            }
            return rows
        }
    }

    /// O(1) for a dense set, O(log n) for a sparse one.
    package func contains(_ row: Int32) -> Bool {
        switch storage {
        case .bits(let bits):
            let word = Int(row) / 64
            return row >= 0 && word < bits.count && bits[word] & (1 << UInt64(row % 64)) != 0
        case .sorted(let rows):
            var low = 0
            var high = rows.count
            while low < high {
                let middle = (low + high) / 2
                if rows[middle] < row { low = middle + 1 } else { high = middle }
            }
            return low < rows.count && rows[low] == row
        }
    }
}
