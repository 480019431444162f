import Testing

@testable import Retrieval

@Suite struct RetryScheduleTests {
    private let start = ContinuousClock.now

    @Test("the pauses double up to a minute, and nothing is due before they end")
    func pauses() {
        var schedule = RetrySchedule()
        var now = start
        #expect(schedule.isDue(7, at: now) && schedule.next == nil)
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            let pause = schedule.failed(7, at: now, jitter: 1)
            #expect(pause == .seconds(seconds) && schedule.next == now + pause)
            #expect(!schedule.isDue(7, at: now + pause - .milliseconds(1)))
            now = now + pause
            #expect(schedule.isDue(7, at: now))
        }
    }

    @Test("another generation is due at once, and its pauses begin anew")
    func another() {
        var schedule = RetrySchedule()
        for _ in 0..<5 { _ = schedule.failed(7, at: start, jitter: 1) }
        #expect(schedule.isDue(8, at: start))
        #expect(schedule.failed(8, at: start, jitter: 1) == RetrySchedule.firstPause)
        #expect(schedule.isDue(7, at: start))
    }

    @Test("jitter shortens a pause and not the ones after it")
    func jitter() {
        var schedule = RetrySchedule()
        #expect(schedule.failed(7, at: start, jitter: 0.5) == .milliseconds(500))
        #expect(schedule.failed(7, at: start, jitter: 0.5) == .seconds(1))
        #expect(schedule.isDue(7, at: start + .seconds(1)))
    }

    @Test("cleared, it has nothing to wait for")
    func cleared() {
        var schedule = RetrySchedule()
        _ = schedule.failed(7, at: start)
        schedule.clear()
        #expect(schedule.isDue(7, at: start) && schedule.next == nil)
    }
}
