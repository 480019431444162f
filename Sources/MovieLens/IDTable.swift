/// Gives each different id of a text file a number, in the order of appearance.
///
/// An id of up to seven bytes, as nearly all are, is looked up by its bytes as one number in a table with open
/// addressing: a `String` for each of 50 million ids read would take longer than all the rest.
package struct IDTable {
    private struct Slot {
        var key: UInt64 = 0
        var number: Int32 = -1
    }

    /// Where each id ends in `bytes`.
    private var ends: [Int] = []
    private var bytes: [UInt8] = []
    /// A power of two, at most half full.
    private var slots = [Slot](repeating: Slot(), count: 1_024)
    private var used = 0
    private var longer: [String: Int32] = [:]
    /// Rows of one user mostly follow each other.
    private var latest = Slot()

    package var count: Int { ends.count }

    package init() {}

    /// O(length) expected.
    package mutating func number(of id: UnsafeBufferPointer<UInt8>) -> Int32 {
        guard id.count < 8 else { return numberOfLonger(id) }
        var key = UInt64(id.count)
        for byte in id { key = key << 8 | UInt64(byte) }
        if key == latest.key { return latest.number }
        var position = IDTable.position(of: key, among: slots.count)
        while slots[position].number >= 0 {
            if slots[position].key == key {
                latest = slots[position]
                return latest.number
            }
            position = (position + 1) & (slots.count - 1)
        }
        latest = Slot(key: key, number: add(id))
        slots[position] = latest
        used += 1
        if 2 * used > slots.count { grow() }
        return latest.number
    }

    private mutating func numberOfLonger(_ id: UnsafeBufferPointer<UInt8>) -> Int32 {
        // ISO 8859-1, so that bytes that are no UTF-8 stay different.
        let text = String(String.UnicodeScalarView(id.lazy.map { Unicode.Scalar($0) }))
        if let number = longer[text] { return number }
        let number = add(id)
        longer[text] = number
        return number
    }

    private mutating func add(_ id: UnsafeBufferPointer<UInt8>) -> Int32 {
        bytes.append(contentsOf: id)
        ends.append(bytes.count)
        return Int32(ends.count - 1)
    }

    private mutating func grow() {
        var larger = [Slot](repeating: Slot(), count: 2 * slots.count)
        for slot in slots where slot.number >= 0 {
            var position = IDTable.position(of: slot.key, among: larger.count)
            while larger[position].number >= 0 { position = (position + 1) & (larger.count - 1) }
            larger[position] = slot
        }
        slots = larger
    }

    /// Fibonacci hashing: the high bits of the product depend on all bits of the key.
    private static func position(of key: UInt64, among count: Int) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> UInt64(64 - count.trailingZeroBitCount))
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
}
