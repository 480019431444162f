/// A small deterministic generator of 64-bit numbers.
///
/// Source: Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014), with the
/// constants of java.util.SplittableRandom. The standard library's generator cannot be seeded.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Uniform in 0..<1, 53 bits.
    package mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Uniform in 0..<bound. The bias of the plain remainder is below bound / 2⁶⁴.
    package mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    /// Roughly normal, mean 0 and variance 1: a sum of twelve uniforms needs no platform's logarithm, so the
    /// same seed gives the same data everywhere.
    package mutating func bell() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += uniform() }
        return sum
    }
}
