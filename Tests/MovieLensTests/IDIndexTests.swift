import MovieLens
import Testing

@Suite struct IDIndexTests {
    @Test(arguments: [[], [5], [3, 1, 2], [1, 2_000_000_000, 7], [Int32.min, 0, Int32.max]] as [[Int32]])
    func `every id leads to its row and no other id does`(ids: [Int32]) {
        let index = IDIndex(ids)
        for (row, id) in ids.enumerated() { #expect(index.row(of: id) == row) }
        for id in [Int32(4), 0, -1, 2_000_000_001] where !ids.contains(id) { #expect(index.row(of: id) == nil) }
    }
}
