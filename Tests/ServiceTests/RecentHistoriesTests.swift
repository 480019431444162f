import Testing

@testable import Retrieval

@Suite struct RecentHistoriesTests {
    private let histories = RecentHistories()

    private func record(_ person: Person, _ item: Int32, _ opinion: Opinion, at time: Int64) {
        histories.record([.init(person, item, opinion, occurredAt: time)])
    }

    @Test func `nothing is known of whom nobody has heard`() {
        #expect(histories.revision(of: .user(1)) == 0)
        #expect(histories.recent(of: .session("a")) == nil)
        record(.user(1), 5, .seen, at: 1)
        #expect(histories.recent(of: .user(2)) == nil)
        // A session that calls itself like a user is another.
        #expect(histories.recent(of: .session("1")) == nil)
    }

    @Test func `every change has a revision of its own, and the same deed again changes nothing`() {
        record(.user(1), 5, .seen, at: 1)
        let first = histories.revision(of: .user(1))
        #expect(first > 0)
        record(.user(1), 5, .seen, at: 1)
        #expect(histories.revision(of: .user(1)) == first)
        record(.user(1), 6, .rated(4), at: 2)
        #expect(histories.revision(of: .user(1)) > first)
        #expect(histories.recent(of: .user(1))?.opinions == [5: .seen, 6: .rated(4)])
    }

    @Test func `the latest rating counts, whatever the order in which they come`() {
        let deeds: [(Opinion, Int64)] = [(.rated(2), 10), (.seen, 20), (.rated(5), 15), (.seen, 5)]
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
            let histories = RecentHistories()
            histories.record(order.map { .init(.session("s"), 7, deeds[$0].0, occurredAt: deeds[$0].1) })
            #expect(histories.recent(of: .session("s"))?.opinions == [7: .rated(5)], "\(order)")
        }
    }
}
