import Testing

@testable import Kernels

@Suite struct BitCoderTests {
    /// A cloud far from the origin, with a first axis longer than the others: signs alone would all be the same.
    private func cloud(rows: Int, columns: Int, seed: UInt64 = 1) -> FloatMatrix {
        var random = RandomSource(seed: seed)
        return FloatMatrix(rows: rows, columns: columns) { elements in
            for index in elements.indices {
                let column = index % columns
                elements[index] = 10 + Float.random(in: -1...1, using: &random) * (column == 0 ? 5 : 1)
            }
        }
    }

    private func differing(_ left: [UInt8], _ right: [UInt8]) -> Int {
        zip(left, right).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    }

    @Test(arguments: [(1, 8), (8, 8), (9, 16), (63, 64), (64, 64), (65, 128), (130, 256)])
    func `a code has a power of two of bits, at least one for each dimension`(columns: Int, bits: Int) {
        let matrix = cloud(rows: 3, columns: columns)
        let coder = BitCoder(for: matrix)
        #expect(coder.bits == bits && BitCoder.bits(dimensions: columns) == bits)
        #expect(matrix[0].withUnsafeBufferPointer(coder.code).count == bits / 8)
    }

    @Test func `codes are the same for the same vectors, wherever rows of zeros stand among them`() {
        let matrix = cloud(rows: 20, columns: 64)
        let values = matrix.withUnsafeBufferPointer { Array($0) }
        let withZeros = FloatMatrix(
            rows: 22, columns: 64,
            values: Array(values[..<640]) + Array(repeating: 0, count: 128) + Array(values[640...]))
        let (coder, other) = (BitCoder(for: matrix), BitCoder(for: withZeros))
        for row in 0..<10 {
            #expect(
                matrix[row].withUnsafeBufferPointer(coder.code) == withZeros[row].withUnsafeBufferPointer(other.code))
        }
    }

    @Test func `half the bits differ between strangers, and few between neighbours`() {
        let matrix = cloud(rows: 400, columns: 64)
        let coder = BitCoder(for: matrix)
        let codes = (0..<400).map { matrix[$0].withUnsafeBufferPointer(coder.code) }
        let strangers = (0..<200).map { differing(codes[$0], codes[$0 + 200]) }
        #expect((24...40).contains(strangers.reduce(0, +) / 200))
        let ones = codes.reduce(0) { $0 + $1.reduce(0) { $0 + $1.nonzeroBitCount } }
        #expect((0.45...0.55).contains(Double(ones) / (400 * 64)))
        var random = RandomSource(seed: 9)
        for row in 0..<100 {
            let near = matrix[row].map { $0 + Float.random(in: -0.02...0.02, using: &random) }
            #expect(differing(codes[row], near.withUnsafeBufferPointer(coder.code)) <= 6)
        }
    }

    @Test func `the nearest by bits hold the nearest by distance`() {
        let matrix = cloud(rows: 1_000, columns: 64)
        let coder = BitCoder(for: matrix)
        let codes = (0..<1_000).map { matrix[$0].withUnsafeBufferPointer(coder.code) }
        var found = 0
        for query in 0..<50 {
            let exact = matrix[query].withUnsafeBufferPointer { ExactScan.nearest(to: $0, in: matrix, count: 5) }
            let differences = codes.map { differing(codes[query], $0) }
            let byBits = Set((0..<1_000).sorted { (differences[$0], $0) < (differences[$1], $1) }.prefix(200))
            found += exact.count { byBits.contains(Int($0.row)) }
        }
        #expect(found >= 225, "\(found) of 250")
    }
}
