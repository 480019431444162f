/// Gives each different id of a text file a number, in the order of appearance.
///
/// A hash table with open addressing over one block of bytes: a `String` for each of 50 million ids read would take
/// longer than all the rest.
package struct IDTable {
    /// Where each id ends in `bytes`.
    private var ends: [Int] = []
    private var bytes: [UInt8] = []
    /// Number + 1 of the id in each slot, 0 for a free one; a power of two, at most half full.
    private var slots = [Int32](repeating: 0, count: 1_024)

    /// The number given last: rows of one user mostly follow each other.
    private var latest = 0

    package var count: Int { ends.count }

    package init() {}

    /// O(length) expected.
    package mutating func number(of id: UnsafeBufferPointer<UInt8>) -> Int32 {
        if latest < count, isEqual(latest, id) { return Int32(latest) }
        var slot = IDTable.hash(id) & (slots.count - 1)
        while slots[slot] != 0 {
            let number = slots[slot] - 1
            if isEqual(Int(number), id) {
                latest = Int(number)
                return number
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        bytes.append(contentsOf: id)
        ends.append(bytes.count)
        slots[slot] = Int32(ends.count)
        if 2 * ends.count > slots.count { grow() }
        return Int32(ends.count - 1)
    }

    /// For each number: the id to use, and the text where that is another.
    ///
    /// Ids that are all whole numbers from 1 to 2³¹ − 1 stay what they are. Otherwise they become 1, 2, … in the
    /// order of their bytes, which does not depend on the order of the rows.
    package func resolved() -> (ids: [Int32], texts: [String?]) {
        let texts = (0..<count).map { String(decoding: bytes[range($0)], as: UTF8.self) }
        let numbers = texts.map { text in
            Int32(text).flatMap { $0 > 0 && String($0) == text ? $0 : nil }
        }
        if numbers.allSatisfy({ $0 != nil }) { return (numbers.map { $0! }, texts.map { _ in nil }) }
        var ids = [Int32](repeating: 0, count: count)
        let order = (0..<count).sorted { bytes[range($0)].lexicographicallyPrecedes(bytes[range($1)]) }
        for (position, number) in order.enumerated() { ids[number] = Int32(position + 1) }
        return (ids, texts)
    }

    private func range(_ number: Int) -> Range<Int> {
        (number == 0 ? 0 : ends[number - 1])..<ends[number]
    }

    private func isEqual(_ number: Int, _ id: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = range(number)
        guard range.count == id.count else { return false }
        for position in 0..<id.count where bytes[range.lowerBound + position] != id[position] { return false }
        return true
    }

    private mutating func grow() {
        var larger = [Int32](repeating: 0, count: 2 * slots.count)
        bytes.withUnsafeBufferPointer { bytes in
            for number in 0..<count {
                var slot = IDTable.hash(UnsafeBufferPointer(rebasing: bytes[range(number)])) & (larger.count - 1)
                while larger[slot] != 0 { slot = (slot + 1) & (larger.count - 1) }
                larger[slot] = Int32(number + 1)
            }
        }
        slots = larger
    }

    /// FNV-1a with a final mix, for the low bits choose the slot.
    private static func hash(_ id: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in id { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & 0x7FFF_FFFF)
    }
}
