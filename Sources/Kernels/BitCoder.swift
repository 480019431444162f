/// One bit for each dimension of a vector, so that near vectors differ in few bits.
///
/// The vector is centred, rotated at random and reduced to its signs. Signs alone, without the first two, depend on where
/// the coordinates' origin happens to lie and on the few axes that carry most of the length; the rotation spreads both over
/// all bits (Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002). It is three rounds of
/// random sign flips and a Walsh–Hadamard transform (Ailon and Chazelle, STOC 2006): the same everywhere, with nothing
/// to store.
package struct BitCoder: Sendable {
    private static let rounds = 3

    /// Bits of a code: the dimensions, rounded up to a power of two, at least 8.
    package let bits: Int
    private let center: [Float]
    /// ±1, round after round.
    private let flips: [Float]

    /// - Parameter matrix: the vectors that will be searched; rows of zeros are no vectors and do not count.
    package init(for matrix: FloatMatrix) {
        bits = BitCoder.bits(dimensions: matrix.columns)
        center = BitCoder.mean(matrix)
        flips = (0..<BitCoder.rounds * bits).map { BitCoder.isOdd(mixing: UInt64($0)) ? -1 : 1 }
    }

    package static func bits(dimensions: Int) -> Int {
        var bits = 8
        while bits < dimensions { bits *= 2 }
        return bits
    }

    /// The code of a vector of the same dimensions, eight bits a byte, the first one highest, as PostgreSQL's `bit`
    /// has them. O(bits · log bits).
    package func code(_ vector: UnsafeBufferPointer<Float>) -> [UInt8] {
        precondition(vector.count == center.count, "\(vector.count) dimensions do not meet \(center.count)")
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: bits) { rotated in
            rotated.initialize(repeating: 0)
            for (index, value) in vector.enumerated() { rotated[index] = value - center[index] }
            for round in 0..<Self.rounds {
                for index in 0..<bits { rotated[index] *= flips[round * bits + index] }
                transform(rotated)
            }
            return (0..<bits / 8).map { byte in
                (0..<8).reduce(UInt8(0)) { $0 << 1 | (rotated[8 * byte + $1] > 0 ? 1 : 0) }
            }
        }
    }

    /// The fast Walsh–Hadamard transform, not normalised: only signs are wanted.
    private func transform(_ values: UnsafeMutableBufferPointer<Float>) {
        var half = 1
        while half < bits {
            for start in stride(from: 0, to: bits, by: 2 * half) {
                for index in start..<start + half {
                    let (left, right) = (values[index], values[index + half])
                    values[index] = left + right
                    values[index + half] = left - right
                }
            }
            half *= 2
        }
    }

    private static func mean(_ matrix: FloatMatrix) -> [Float] {
        var sums = [Double](repeating: 0, count: matrix.columns)
        var count = 0.0
        matrix.withUnsafeBufferPointer { elements in
            for row in 0..<matrix.rows {
                let vector = elements[row * matrix.columns..<(row + 1) * matrix.columns]
                guard vector.contains(where: { $0 != 0 }) else { continue }
                count += 1
                for (column, value) in vector.enumerated() { sums[column] += Double(value) }
            }
        }
        return sums.map { Float($0 / max(count, 1)) }
    }

    /// SplitMix64's mixing of a counter: a bit as good as random, the same on every machine.
    private static func isOdd(mixing counter: UInt64) -> Bool {
        var mixed = (counter &+ 1) &* 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return (mixed ^ (mixed >> 31)) & 1 == 1
    }
}
