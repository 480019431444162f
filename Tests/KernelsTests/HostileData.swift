import Testing

/// Rows and queries that a bound could get wrong.
struct HostileData: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let values: @Sendable (_ rows: Int, _ columns: Int, inout RandomSource) -> [Float]

    private init(
        _ name: String, _ values: @escaping @Sendable (_ rows: Int, _ columns: Int, inout RandomSource) -> [Float]
    ) {
        testDescription = name
        self.values = values
    }

    /// `value` is asked for each element with its row and column.
    private static func each(
        _ name: String, _ value: @escaping @Sendable (_ row: Int, _ column: Int, inout RandomSource) -> Float
    ) -> HostileData {
        HostileData(name) { rows, columns, random in
            (0..<rows * columns).map { value($0 / columns, $0 % columns, &random) }
        }
    }

    static let all: [HostileData] = [
        each("uniform") { _, _, random in .random(in: -1...1, using: &random) },
        each("far from the origin") { _, _, random in 1_000 + .random(in: -1...1, using: &random) },
        each("few values, many ties") { _, _, random in Float(Int.random(in: 0...2, using: &random)) },
        each("all the same") { _, _, _ in 0.1 },
        each("zeros") { _, _, _ in 0 },
        each("norms of every magnitude") { row, _, random in
            .random(in: -1...1, using: &random) * Float(sign: .plus, exponent: row % 120 - 70, significand: 1)
        },
        each("denormals") { _, _, random in
            Float(Int.random(in: -9...9, using: &random)) * .leastNonzeroMagnitude
        },
        each("squares that underflow") { _, _, random in .random(in: -1...1, using: &random) * 1e-22 },
        each("squares near underflow") { _, _, random in .random(in: -1...1, using: &random) * 1e-18 },
        each("squares near overflow") { _, _, random in .random(in: -1...1, using: &random) * 1e18 },
        each("squares that overflow") { _, _, random in .random(in: -1...1, using: &random) * 3e38 },
        each("one coordinate dwarfs the others") { _, column, random in
            .random(in: -1...1, using: &random) * (column == 0 ? 1e4 : 1)
        },
        each("differences in the last bit") { _, _, random in
            1 + Float(Int.random(in: 0...3, using: &random)) * .ulpOfOne
        },
        each("a few NaNs and infinities") { _, _, random in
            [.nan, .infinity, -.infinity].randomElement(using: &random)!
                .ifChance(in: 200, otherwise: .random(in: -1...1, using: &random), &random)
        },
        each("only NaNs") { _, _, _ in .nan },
    ]
}

extension Float {
    fileprivate func ifChance(in count: Int, otherwise value: Float, _ random: inout RandomSource) -> Float {
        Int.random(in: 0..<count, using: &random) == 0 ? self : value
    }
}
