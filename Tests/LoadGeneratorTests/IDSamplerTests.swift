import LoadGenerator
import Testing

@Suite struct IDSamplerTests {
    private func counts(_ distribution: Distribution, _ ids: ClosedRange<Int>, draws: Int) -> [Int: Int] {
        var sampler = IDSampler(distribution, ids: .range(ids), seed: 3)
        return (0..<draws).reduce(into: [:]) { counts, _ in counts[sampler.next(), default: 0] += 1 }
    }

    @Test("Zipf draws each rank 1/rank as often as the first", arguments: [1, 2, 3, 10, 1_682])
    func zipf(size: Int) {
        let draws = 200_000
        let drawn = counts(.zipf, 5...(size + 4), draws: draws)
        let harmonic = (1...size).reduce(0.0) { $0 + 1 / Double($1) }
        for rank in 1...size {
            let expected = Double(draws) / harmonic / Double(rank)
            let found = Double(drawn[rank + 4] ?? 0)
            // Five deviations of a Poisson count, and one for the rarest.
            #expect(abs(found - expected) <= 5 * expected.squareRoot() + 1, "rank \(rank)")
        }
        #expect(drawn.values.reduce(0, +) == draws)
        #expect(drawn.keys.allSatisfy { (5...(size + 4)).contains($0) })
    }

    @Test("uniform draws every id about equally often")
    func uniform() {
        let drawn = counts(.uniform, 10...19, draws: 100_000)
        #expect(drawn.count == 10)
        #expect(drawn.values.allSatisfy { abs($0 - 10_000) < 500 })
    }

    @Test("in order takes one id after the other and begins again")
    func inOrder() throws {
        var sampler = IDSampler(.inOrder, ids: try IDSet("7,3,9"), seed: 1)
        #expect((0..<7).map { _ in sampler.next() } == [7, 3, 9, 7, 3, 9, 7])
    }

    @Test("several ids of one request differ, even of a skewed draw from few", arguments: Distribution.allCases)
    func distinct(distribution: Distribution) throws {
        var sampler = IDSampler(distribution, ids: .range(1...6), seed: 5)
        for _ in 0..<100 { #expect(Set(sampler.distinct(5)).count == 5) }
        #expect(Set(sampler.distinct(10)) == Set(1...6))
    }

    @Test("a huge range needs no table", arguments: Distribution.allCases)
    func huge(distribution: Distribution) {
        var sampler = IDSampler(distribution, ids: .range(0...1_000_000_000_000), seed: 1)
        #expect((0..<1_000).allSatisfy { _ in (0...1_000_000_000_000).contains(sampler.next()) })
    }
}
