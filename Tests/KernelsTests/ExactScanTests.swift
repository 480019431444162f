import Kernels
import Testing

@Suite struct ExactScanTests {
    /// Sorts every allowed row by (distance, row).
    private func oracle(
        _ query: [Float], _ matrix: FloatMatrix, _ count: Int, without excluded: Set<Int32>
    ) -> [Neighbor] {
        let all = (0..<Int32(matrix.rows)).filter { !excluded.contains($0) }.map { row in
            let square = matrix[Int(row)].withUnsafeBufferPointer { row in
                query.withUnsafeBufferPointer { Kernels.active.squaredDistance($0, row) }
            }
            return Neighbor(row: row, squaredDistance: square)
        }
        return Array(all.sorted { ($0.distance, $0.row) < ($1.distance, $1.row) }.prefix(count))
    }

    private func nearest(
        _ query: [Float], _ matrix: FloatMatrix, _ count: Int, absent: RowSet = .none, excluding: RowSet = .none
    ) -> [Neighbor] {
        query.withUnsafeBufferPointer {
            ExactScan.nearest(to: $0, in: matrix, count: count, absent: absent, excluding: excluding)
        }
    }

    @Test("the scan finds what brute force finds", arguments: [1, 255, 256, 257, 1_000])
    func bruteForce(rows: Int) {
        var random = RandomSource(seed: UInt64(rows))
        let matrix = FloatMatrix(rows: rows, columns: 17, values: random.floats(rows * 17))
        for count in [0, 1, 2, 10, 100, rows, rows + 5] {
            let query = random.floats(17)
            let absent = (0..<Int32(rows)).filter { $0 % 7 == 3 }
            let seen = (0..<5).map { _ in Int32.random(in: 0..<Int32(rows), using: &random) }
            #expect(
                nearest(query, matrix, count, absent: RowSet(absent), excluding: RowSet(seen))
                    == oracle(query, matrix, count, without: Set(absent + seen)))
        }
    }

    @Test("the scan of some rows finds what brute force finds among them", arguments: [1, 31, 256, 257, 1_000])
    func someRows(rows: Int) {
        var random = RandomSource(seed: UInt64(rows))
        let matrix = FloatMatrix(rows: rows, columns: 17, values: random.floats(rows * 17))
        for share in [1, 2, 7, rows] {
            let chosen = (0..<Int32(rows)).filter { _ in Int.random(in: 0..<share, using: &random) == 0 }
            let others = Set(0..<Int32(rows)).subtracting(chosen)
            let banned = Set(chosen.filter { $0 % 5 == 2 })
            for count in [0, 1, 10, rows] {
                let query = random.floats(17)
                let found = query.withUnsafeBufferPointer {
                    ExactScan.nearest(to: $0, in: matrix, among: chosen, count: count) { !banned.contains($0) }
                }
                #expect(found == oracle(query, matrix, count, without: others.union(banned)))
            }
        }
    }

    @Test("ties are settled by row")
    func ties() {
        var random = RandomSource(seed: 3)
        // Coordinates from three values make most of the 600 rows share their distance with others.
        let values = (0..<600 * 3).map { _ in Float(Int.random(in: 0...2, using: &random)) }
        let matrix = FloatMatrix(rows: 600, columns: 3, values: values)
        for count in [1, 7, 50, 600] {
            let query: [Float] = [0, 1, 2]
            #expect(nearest(query, matrix, count) == oracle(query, matrix, count, without: []))
        }
    }

    @Test("distances that differ in the last bit of their square are told apart")
    func lastBit() {
        var random = RandomSource(seed: 4)
        // One coordinate just above 1: in single precision neighbouring squares would round to one root.
        let values = (0..<2_000).map { _ in 1 + Float(Int.random(in: 0...40, using: &random)) * Float.ulpOfOne }
        let matrix = FloatMatrix(rows: 1_000, columns: 2, values: values)
        for count in [1, 3, 20, 300] {
            #expect(nearest([0, 0], matrix, count) == oracle([0, 0], matrix, count, without: []))
        }
    }

    @Test("an empty matrix, a count of zero and a matrix with every row excluded have no neighbours")
    func nothing() {
        let matrix = FloatMatrix(rows: 3, columns: 2, values: [0, 1, 2, 3, 4, 5])
        #expect(nearest([0, 0], FloatMatrix(rows: 0, columns: 2, values: []), 5).isEmpty)
        #expect(nearest([0, 0], matrix, 0).isEmpty)
        #expect(nearest([0, 0], matrix, 5, excluding: RowSet([2, 0, 1])).isEmpty)
        #expect(nearest([0, 0], matrix, 5, absent: RowSet([0]), excluding: RowSet([1])).map(\.row) == [2])
    }

    @Test("a row with a NaN comes last and is not hidden")
    func notANumber() {
        let matrix = FloatMatrix(rows: 4, columns: 1, values: [.nan, 2, .infinity, 1])
        let found = nearest([0], matrix, 4)
        #expect(found.map(\.row) == [3, 1, 2, 0])
        #expect(found[3].distance.isNaN)
        #expect(nearest([0], matrix, 3).map(\.row) == [3, 1, 2])
        #expect(nearest([0], matrix, 1).map(\.row) == [3])
        #expect(nearest([.nan], matrix, 2).allSatisfy { $0.distance.isNaN })
    }

    @Test("candidates are ranked as the scan ranks all rows, whatever their order")
    func ranking() {
        var random = RandomSource(seed: 5)
        let matrix = FloatMatrix(rows: 50, columns: 64, values: random.floats(50 * 64))
        let query = random.floats(64)
        let found = nearest(query, matrix, 50)
        query.withUnsafeBufferPointer {
            #expect(ExactScan.rank(found.map(\.row).shuffled(using: &random), by: $0, in: matrix) == found)
            #expect(ExactScan.rank(Array(0..<7), by: $0, in: matrix) == found.filter { $0.row < 7 })
            #expect(ExactScan.rank([], by: $0, in: matrix).isEmpty)
        }
    }

    @Test("a predicate is asked only for rows that could enter the answer")
    func predicate() {
        let matrix = FloatMatrix(rows: 1_000, columns: 1, values: (0..<1_000).map(Float.init))
        var asked: [Int32] = []
        let found = [Float(0)].withUnsafeBufferPointer { query in
            ExactScan.nearest(to: query, in: matrix, count: 3) { row in
                asked.append(row)
                return row % 2 == 0
            }
        }
        #expect(found.map(\.row) == [0, 2, 4])
        #expect(asked.count < 20)
    }
}
