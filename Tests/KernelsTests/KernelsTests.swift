import Kernels
import Testing

/// Every table this machine runs; the scalar one always.
let runnable = ["scalar", "avx2+fma", "avx512+vnni"].compactMap { Kernels(named: $0) }

@Suite struct KernelsTests {
    /// |computed − exact| ≤ (length + 2) · 2⁻²⁴ · Σ|term|: the worst case of adding `length` rounded terms in any order.
    private func bound(_ length: Int, _ magnitude: Double) -> Double {
        Double(length + 2) * Double(Float.ulpOfOne) / 2 * magnitude
    }

    @Test("a distance is within the rounding bound of the exact one, for every length and alignment", arguments: 0..<16)
    func squaredDistance(offset: Int) {
        var random = RandomSource(seed: UInt64(offset))
        for length in 0...130 {
            // The two vectors start at different offsets, so neither can rely on the other's alignment.
            let left = random.floats(length + 16)
            let right = random.floats(length + 16)
            left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { right in
                    let a = UnsafeBufferPointer(rebasing: left[offset..<offset + length])
                    let b = UnsafeBufferPointer(rebasing: right[15 - offset..<15 - offset + length])
                    let squares = zip(a, b).map { (Double($0) - Double($1)) * (Double($0) - Double($1)) }
                    let products = zip(a, b).map { Double($0) * Double($1) }
                    for kernels in runnable {
                        let distance = Double(kernels.squaredDistance(a, b))
                        // A difference is rounded before it is squared: twice its error, beside that of the sum.
                        let exact = squares.reduce(0, +)
                        #expect(abs(distance - exact) <= bound(length + 2, exact), "\(kernels.name), \(length)")
                        let product = Double(kernels.innerProduct(a, b))
                        let magnitude = products.reduce(0) { $0 + abs($1) }
                        #expect(
                            abs(product - products.reduce(0, +)) <= bound(length, magnitude),
                            "\(kernels.name), \(length)")
                    }
                }
            }
        }
    }

    @Test("scan, gather and a lone distance give the same bits", arguments: [0, 1, 7, 8, 9, 16, 31, 64, 100, 130])
    func sameBits(columns: Int) {
        var random = RandomSource(seed: 7)
        for kernels in runnable {
            for count in 0...9 {
                let matrix = FloatMatrix(rows: count, columns: columns, values: random.floats(count * columns))
                let query = random.floats(columns)
                let rows = (0..<Int32(count)).reversed() + (0..<Int32(count))
                query.withUnsafeBufferPointer { query in
                    let alone = (0..<count).map { row in
                        matrix[row].withUnsafeBufferPointer { kernels.squaredDistance(query, $0) }
                    }
                    var scanned = [Float](repeating: -1, count: count)
                    scanned.withUnsafeMutableBufferPointer { scanned in
                        matrix.withUnsafeBufferPointer { kernels.scan(query, rows: $0, into: scanned) }
                    }
                    var gathered = [Float](repeating: -1, count: rows.count)
                    gathered.withUnsafeMutableBufferPointer { gathered in
                        rows.withUnsafeBufferPointer { kernels.gather(query, rows: $0, of: matrix, into: gathered) }
                    }
                    #expect(scanned == alone)
                    #expect(gathered == alone.reversed() + alone)
                }
            }
        }
    }

    @Test(
        "many queries at once get the bits that each gets alone",
        arguments: [1, 7, 8, 15, 16, 17, 24, 31, 64, 100], [1, 3, 4, 5, 17])
    func scanMany(columns: Int, rows: Int) {
        var random = RandomSource(seed: 8)
        for kernels in runnable {
            for queryCount in [1, 3, 4, 9] {
                let elements = random.floats(rows * columns)
                let queries = random.floats(queryCount * columns)
                elements.withUnsafeBufferPointer { elements in
                    queries.withUnsafeBufferPointer { queries in
                        var alone: [Float] = []
                        for query in 0..<queryCount {
                            var squares = [Float](repeating: -1, count: rows)
                            let one = UnsafeBufferPointer(
                                rebasing: queries[query * columns..<(query + 1) * columns])
                            squares.withUnsafeMutableBufferPointer { kernels.scan(one, rows: elements, into: $0) }
                            alone += squares
                        }
                        var together = [Float](repeating: -1, count: rows * queryCount)
                        together.withUnsafeMutableBufferPointer {
                            kernels.scan(queries: queries, rows: elements, columns: columns, into: $0)
                        }
                        #expect(together == alone, "\(kernels.name), \(queryCount) queries")
                    }
                }
            }
        }
    }

    @Test("the vector tables give each other's bits", arguments: 0..<16)
    func sameBitsAcrossTables(offset: Int) {
        var random = RandomSource(seed: 9)
        let tables = runnable.filter { $0.name != "scalar" }
        for length in 0...130 {
            let values = random.floats(2 * length + offset)
            values.withUnsafeBufferPointer { values in
                let a = UnsafeBufferPointer(rebasing: values[offset..<offset + length])
                let b = UnsafeBufferPointer(rebasing: values[(offset + length)...])
                #expect(Set(tables.map { $0.squaredDistance(a, b) }).count <= 1, "\(length)")
                #expect(Set(tables.map { $0.innerProduct(a, b) }).count <= 1, "\(length)")
            }
        }
    }

    @Test("a NaN or an infinity in any coordinate reaches the result", arguments: [1, 5, 8, 13, 16, 24, 31, 64])
    func nonFinite(length: Int) {
        for kernels in runnable {
            for position in 0..<length {
                var values = [Float](repeating: 0.5, count: length)
                let ones = [Float](repeating: 1, count: length)
                let results = { (value: Float) -> (distance: Float, product: Float) in
                    values[position] = value
                    return values.withUnsafeBufferPointer { values in
                        ones.withUnsafeBufferPointer {
                            (kernels.squaredDistance(values, $0), kernels.innerProduct(values, $0))
                        }
                    }
                }
                #expect(results(.nan).distance.isNaN)
                #expect(results(.nan).product.isNaN)
                #expect(results(.infinity) == (.infinity, .infinity))
                #expect(results(-.infinity) == (.infinity, -.infinity))
            }
        }
    }

    @Test("infinities that meet are a NaN, not a distance of zero")
    func infinityMinusInfinity() {
        for kernels in runnable {
            let values: [Float] = [1, .infinity, 3]
            #expect(values.withUnsafeBufferPointer { kernels.squaredDistance($0, $0) }.isNaN)
        }
    }

    @Test("the active table is one of the named ones, and an unknown name has none")
    func names() {
        #expect(runnable.map(\.name).contains(Kernels.active.name))
        #expect(runnable.first?.name == "scalar")
        #expect(Kernels(named: "mmx")?.name == nil)
    }
}
