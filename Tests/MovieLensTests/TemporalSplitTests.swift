import MovieLens
import Testing

@Suite struct TemporalSplitTests {
    private func rating(_ item: Int32, at timestamp: Int64) -> Rating {
        Rating(user: 1, item: item, value: 3, timestamp: timestamp)
    }

    @Test func `what was rated before the moment is learned from and the moment itself is not`() {
        let split = TemporalSplit([rating(1, at: 30), rating(2, at: 10), rating(3, at: 20)], before: 20)
        #expect(split.train.map(\.item) == [2])
        #expect(split.test.map(\.item) == [1, 3])
    }

    @Test func `a share takes the last ratings by time`() {
        let split = TemporalSplit((1...10).map { rating($0, at: Int64(100 - $0)) }, testShare: 0.2)
        #expect(split.moment == 98)
        #expect(split.test.map(\.item) == [1, 2])
        #expect(split.train.count == 8)
    }

    @Test func `ratings of one second are not divided`() {
        let times: [Int64] = [1, 2, 3, 4, 5, 5, 5, 5, 6, 7]
        let split = TemporalSplit(times.enumerated().map { rating(Int32($0), at: $1) }, testShare: 0.4)
        #expect(split.train.map(\.timestamp) == [1, 2, 3, 4])
        #expect(split.test.count == 6)
    }

    @Test func `nothing to test on is an empty side`() {
        #expect(TemporalSplit([rating(1, at: 5)], testShare: 0).test.isEmpty)
        #expect(TemporalSplit([], testShare: 0.2).train.isEmpty)
    }
}
