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

    @Test("the empty set holds nothing")
    func empty() {
        #expect(RowSet.none.isEmpty)
        #expect(!RowSet.none.contains(0))
        #expect(!RowSet.none.contains(.max))
        #expect(RowSet([.max]).contains(.max))
    }
}
