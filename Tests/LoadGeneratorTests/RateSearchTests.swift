import LoadGenerator
import Testing

@Suite struct RateSearchTests {
    private func search(limit: Double, start: Double, ceiling: Double = 1_000_000) -> (RateSearch, steps: Int) {
        var search = RateSearch(start: start, precision: 0.05, ceiling: ceiling)
        var steps = 0
        while let rate = search.next {
            search.record(rate, held: rate <= limit)
            steps += 1
        }
        return (search, steps)
    }

    @Test("the limit is found within the precision, wherever the search begins", arguments: [1.0, 37, 900, 40_000])
    func finds(limit: Double) {
        for start in [1.0, 100, 5_000, 300_000] {
            let (search, steps) = search(limit: limit, start: start)
            #expect(search.highestHeld <= limit)
            #expect(search.highestHeld >= limit / 1.05)
            #expect(steps < 30)
        }
    }

    @Test("a service that holds nothing has the rate 0")
    func nothing() {
        #expect(search(limit: 0, start: 100).0.highestHeld == 0)
    }

    @Test("the ceiling ends the search")
    func ceiling() {
        #expect(search(limit: .infinity, start: 10, ceiling: 500).0.highestHeld == 500)
    }
}
