import LoadGenerator
import Testing

@Suite struct ScheduleTests {
    @Test("constant arrivals have equal gaps and do not drift")
    func constant() {
        let times = Array(Schedule(.constant, rate: 300, horizon: 10_000_000_000, seed: 1))
        #expect(times.count == 3_000)
        #expect(times.first == 0)
        for (index, time) in times.enumerated() {
            #expect(abs(Double(time) - Double(index) / 300 * 1e9) <= 1)
        }
    }

    @Test("Poisson arrivals have the asked rate and the spread of independent users")
    func poisson() {
        let times = Array(Schedule(.poisson, rate: 1_000, horizon: 100_000_000_000, seed: 7))
        // 100,000 expected with a deviation of 316: five of them.
        #expect(abs(times.count - 100_000) < 1_600)
        let gaps = zip(times, times.dropFirst()).map { Double($1 - $0) / 1e6 }
        #expect(gaps.allSatisfy { $0 >= 0 })
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
        // An exponential distribution's deviation equals its mean.
        #expect(abs(variance.squareRoot() / mean - 1) < 0.03)
    }

    @Test("a seed always gives the same schedule, another seed another", arguments: [UInt64(1), 2, 3])
    func seeded(seed: UInt64) {
        let first = Array(Schedule(.poisson, rate: 50, horizon: 2_000_000_000, seed: seed))
        #expect(first == Array(Schedule(.poisson, rate: 50, horizon: 2_000_000_000, seed: seed)))
        #expect(first != Array(Schedule(.poisson, rate: 50, horizon: 2_000_000_000, seed: seed + 1)))
    }
}
