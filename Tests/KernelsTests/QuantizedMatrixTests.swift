import Testing

@testable import Kernels

@Suite struct QuantizedMatrixTests {
    /// Rows and distances' bits, so that a NaN equals a NaN.
    private func bits(_ neighbors: [Neighbor]) -> [[UInt64]] {
        neighbors.map { [UInt64($0.row), $0.distance.isNaN ? Double.nan.bitPattern : $0.distance.bitPattern] }
    }

    /// Every row by (distance, row), a NaN last: no heap, no block, no bound.
    private func oracle(_ query: FloatMatrix.Row, _ matrix: FloatMatrix, _ kernels: Kernels) -> [Neighbor] {
        let squares = (0..<matrix.rows).map { row in
            query.withUnsafeBufferPointer { query in
                matrix[row].withUnsafeBufferPointer { kernels.squaredDistance(query, $0) }
            }
        }
        let sorted = squares.indices.sorted { left, right in
            switch (squares[left].isNaN, squares[right].isNaN) {
            case (false, false): (squares[left], left) < (squares[right], right)
            case (true, true): left < right
            case (let leftIsLast, _): !leftIsLast
            }
        }
        return sorted.map { Neighbor(row: Int32($0), squaredDistance: squares[$0]) }
    }

    @Test(
        "every scan finds what brute force finds, bit by bit", arguments: HostileData.all, [1, 3, 17, 64, 65])
    func bruteForce(data: HostileData, columns: Int) {
        var random = RandomSource(seed: UInt64(columns))
        for rows in [1, 15, 16, 33, 700] {
            let matrix = FloatMatrix(rows: rows, columns: columns, values: data.values(rows, columns, &random))
            // From the data, a row of them, and from elsewhere.
            let queries = FloatMatrix(
                rows: 5, columns: columns,
                values: data.values(3, columns, &random) + Array(matrix[rows / 2]) + random.floats(columns))
            for kernels in runnable { check(matrix, queries, kernels) }
        }
    }

    private func check(_ matrix: FloatMatrix, _ queries: FloatMatrix, _ kernels: Kernels) {
        let quantized = QuantizedMatrix(matrix)
        let sorted = (0..<queries.rows).map { oracle(queries[$0], matrix, kernels) }
        // The last answers need nearly every row, or more than there are.
        for (count, spacing) in [(1, 1), (10, 3), (100, 40), (matrix.rows + 7, 2)] {
            let isAllowed = { (query: Int, row: Int32) in (Int(row) + query) % spacing == 0 }
            let expected = sorted.enumerated().map { query, all in
                bits(Array(all.filter { isAllowed(query, $0.row) }.prefix(count)))
            }
            let batch = ExactScan.nearest(
                toEach: queries, in: matrix, count: count, kernels: kernels, where: isAllowed)
            let coded = ExactScan.nearest(
                toEach: queries, in: quantized, count: count, kernels: kernels, where: isAllowed)
            let floats = (0..<queries.rows).map { index in
                queries[index].withUnsafeBufferPointer { query in
                    ExactScan.nearest(to: query, in: matrix, count: count, kernels: kernels) { isAllowed(index, $0) }
                }
            }
            let codes = (0..<queries.rows).map { index in
                queries[index].withUnsafeBufferPointer { query in
                    ExactScan.nearest(to: query, in: quantized, count: count, kernels: kernels) { isAllowed(index, $0) }
                }
            }
            let context = "\(kernels.name), \(count) of every \(spacing)th of \(matrix.rows)"
            #expect(floats.map(bits) == expected, "floats, \(context)")
            #expect(batch.map(bits) == expected, "floats of a batch, \(context)")
            #expect(codes.map(bits) == expected, "codes, \(context)")
            #expect(coded.map(bits) == expected, "codes of a batch, \(context)")
        }
    }

    @Test("the first pass rules out nearly all rows, and no near one", arguments: runnable.map(\.name))
    func fewCandidates(name: String) {
        let kernels = Kernels(named: name)!
        var random = RandomSource(seed: 1)
        let matrix = FloatMatrix(rows: 20_000, columns: 64, values: random.floats(20_000 * 64))
        let quantized = QuantizedMatrix(matrix)
        random.floats(64).withUnsafeBufferPointer { query in
            let nearest = ExactScan.nearest(to: query, in: matrix, count: 10, kernels: kernels) { _ in true }
            let farthest = matrix[Int(nearest[9].row)].withUnsafeBufferPointer { kernels.squaredDistance(query, $0) }
            let coded = CodedQuery(query, for: quantized)!
            var rows = [Int32](repeating: 0, count: 20_000)
            let found = rows.withUnsafeMutableBufferPointer {
                kernels.candidates(
                    of: coded, in: quantized, blocks: 0..<quantized.blockCount,
                    within: coded.reach(farthest: farthest), into: $0)
            }
            #expect(found < 100)
            #expect(Set(rows[..<found]).isSuperset(of: nearest.map(\.row)))
        }
    }

    @Test("sums of products of the widest vectors and greatest codes do not overflow", arguments: runnable.map(\.name))
    func widest(name: String) {
        let columns = VectorCodec.maximumDimensions
        var random = RandomSource(seed: 2)
        // Every code is 127 or -127; the first row is the query, the second its opposite.
        let signs = (0..<columns).map { _ in Bool.random(using: &random) ? Float(1) : -1 }
        let others = (0..<16 * columns).map { _ in Bool.random(using: &random) ? Float(1) : -1 }
        let matrix = FloatMatrix(rows: 18, columns: columns, values: signs + signs.map { -$0 } + others)
        let queries = FloatMatrix(rows: 2, columns: columns, values: signs + [Float](repeating: 1, count: columns))
        check(matrix, queries, Kernels(named: name)!)
    }

    @Test("a count of zero, no rows and no columns have no neighbours or only equal ones")
    func nothing() {
        let none = QuantizedMatrix(FloatMatrix(rows: 0, columns: 3, values: []))
        let flat = QuantizedMatrix(FloatMatrix(rows: 4, columns: 0, values: []))
        let one = QuantizedMatrix(FloatMatrix(rows: 1, columns: 3, values: [1, 2, 3]))
        let zeros: [Float] = [0, 0, 0]
        zeros.withUnsafeBufferPointer { zeros in
            #expect(ExactScan.nearest(to: zeros, in: none, count: 5).isEmpty)
            #expect(ExactScan.nearest(to: zeros, in: one, count: 0).isEmpty)
            #expect(ExactScan.nearest(to: zeros, in: one, count: 5, excluding: RowSet([0])).isEmpty)
            let empty = UnsafeBufferPointer(rebasing: zeros[..<0])
            #expect(ExactScan.nearest(to: empty, in: flat, count: 3).map(\.row) == [0, 1, 2])
        }
        let queries = FloatMatrix(rows: 2, columns: 3, values: [0, 0, 0, 1, 1, 1])
        #expect(ExactScan.nearest(toEach: queries, in: none, count: 5) { _, _ in true } == [[], []])
        #expect(ExactScan.nearest(toEach: queries, in: one, count: 0) { _, _ in true } == [[], []])
        #expect(ExactScan.nearest(toEach: queries, in: one.matrix, count: 0) { _, _ in true } == [[], []])
    }
}
