import Kernels
import Testing

@Suite struct RowSetTests {
    @Test("a set holds exactly its rows, sparse or dense", arguments: [1, 2, 64, 65, 1_000])
    func membership(spacing: Int32) {
        let members = (0..<500).map { Int32($0) * spacing }
        let set = RowSet(members.reversed() + members)
        #expect(set.count == 500)
        let lookedUp = Set(members)
        for row in -1...(500 * spacing + 70) where set.contains(row) != lookedUp.contains(row) {
            Issue.record("row \(row)")
        }
    }

    @Test("a set made of bits is the set made of their rows", arguments: [1, 63, 64, 65, 1_000])
    func bits(spacing: Int32) {
        let members = (0..<40).map { Int32($0) * spacing }
        var bits = [UInt64](repeating: 0, count: Int(members.last!) / 64 + 3)
        for row in members { bits[Int(row) / 64] |= 1 << UInt64(row % 64) }
        let (set, same) = (RowSet(bits: bits), RowSet(members))
        #expect(set.count == 40 && set.rows == members && same.rows == members)
        for row in -1...(members.last! + 200) where set.contains(row) != same.contains(row) {
            Issue.record("row \(row)")
        }
    }

    @Test("the empty set holds nothing")
    func empty() {
        #expect(RowSet.none.isEmpty)
        #expect(!RowSet.none.contains(0))
        #expect(!RowSet.none.contains(.max))
        #expect(RowSet([.max]).contains(.max))
    }
}
