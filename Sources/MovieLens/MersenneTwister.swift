/// NumPy's legacy generator, `numpy.random.seed(s)` and `rand()`.
///
/// Source: Matsumoto, Nishimura: "Mersenne Twister" (ACM TOMACS 1998), MT19937 with the 2002 initialisation. The
/// published split is drawn with it, so nothing else reproduces that split.
struct MersenneTwister {
    private var state: [UInt32]
    private var position: Int

    init(seed: UInt32) {
        state = [UInt32](repeating: 0, count: 624)
        state[0] = seed
        for index in 1..<624 {
            let previous = state[index - 1]
            state[index] = 1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(index)
        }
        position = 624
    }

    /// Uniform in 0..<1 with 53 random bits.
    mutating func uniform() -> Double {
        let high = next() >> 5
        let low = next() >> 6
        return (Double(high) * 67_108_864 + Double(low)) / 9_007_199_254_740_992
    }

    private mutating func next() -> UInt32 {
        if position == 624 { twist() }
        var value = state[position]
        position += 1
        value ^= value >> 11
        value ^= (value << 7) & 0x9D2C_5680
        value ^= (value << 15) & 0xEFC6_0000
        return value ^ (value >> 18)
    }

    private mutating func twist() {
        for index in 0..<624 {
            let joined = (state[index] & 0x8000_0000) | (state[(index + 1) % 624] & 0x7FFF_FFFF)
            let odd: UInt32 = joined & 1 == 0 ? 0 : 0x9908_B0DF
            state[index] = state[(index + 397) % 624] ^ (joined >> 1) ^ odd
        }
        position = 0
    }
}
