import LoadGenerator
import Testing

@Suite struct OrderStatisticsTests {
    @Test("the median of an odd and an even number of values")
    func median() {
        #expect(OrderStatistics.median([3, 1, 2]) == 2)
        #expect(OrderStatistics.median([4, 1, 2, 3]) == 2.5)
        #expect(OrderStatistics.median([]) == nil)
    }

    @Test("five values span their median with 93.75 %, and say so")
    func five() throws {
        let interval = try #require(OrderStatistics.interval([5, 1, 4, 2, 3]))
        #expect(interval == Interval(low: 1, high: 5, confidence: 0.9375))
        #expect(OrderStatistics.interval([1]) == nil)
    }

    @Test("more values give the narrowest interval of at least 95 %")
    func twenty() throws {
        // Of 20 values, the 6th and the 15th: the table of the sign test.
        let interval = try #require(OrderStatistics.interval((1...20).map(Double.init)))
        #expect((interval.low, interval.high) == (6, 15))
        #expect(abs(interval.confidence - 0.9586) < 0.0001)
    }

    @Test("an interval covers the true median as often as it says")
    func coverage() {
        var generator = SeededGenerator(seed: 9)
        var covered = 0
        for _ in 0..<4_000 {
            let values = (0..<15).map { _ in Double.random(in: 0..<1, using: &generator) }
            if let interval = OrderStatistics.interval(values), interval.low <= 0.5, interval.high >= 0.5 {
                covered += 1
            }
        }
        // 96.48 % by the binomial; a deviation of .29 %, four of them.
        #expect(abs(Double(covered) / 4_000 - 0.9648) < 0.012)
    }

    @Test("the bootstrap finds a ratio of two and is the same each time")
    func bootstrap() throws {
        let a = (0..<30).map { 20 + Double($0 % 5) * 0.1 }
        let b = (0..<30).map { 10 + Double($0 % 7) * 0.05 }
        let interval = try #require(Bootstrap.ratioOfMedians(a, over: b))
        #expect(interval.low > 1.95 && interval.high < 2.05 && interval.low <= interval.high)
        #expect(interval == Bootstrap.ratioOfMedians(a, over: b))
        #expect(Bootstrap.ratioOfMedians([1], over: b) == nil)
    }
}
