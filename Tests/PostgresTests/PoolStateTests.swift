import Testing

@testable import Postgres

@Suite struct PoolStateTests {
    private typealias State = PoolState<Int, String>

    @Test("idle connections are lent last in, first out")
    func lifo() {
        var state = State(maximumWaiters: 1)
        _ = state.opened(1)
        _ = state.opened(2)
        guard case .lend(2) = state.lease("a"), case .lend(1) = state.lease("b") else {
            Issue.record("the connection used last should be lent first")
            return
        }
    }

    @Test("waiters are served first in, first out")
    func fifo() {
        var state = State(maximumWaiters: 2)
        guard case .wait = state.lease("a"), case .wait = state.lease("b") else {
            Issue.record("an empty pool should make its callers wait")
            return
        }
        guard case .hand(1, to: "a") = state.opened(1) else {
            Issue.record("the first waiter should be served first")
            return
        }
        guard case .hand(1, to: "b") = state.returned(1) else {
            Issue.record("the second waiter should be served second")
            return
        }
    }

    @Test("a waiter that gives up is not served")
    func abandoning() {
        var state = State(maximumWaiters: 2)
        _ = state.lease("a")
        _ = state.lease("b")
        state.abandon("a")
        guard case .hand(1, to: "b") = state.opened(1) else {
            Issue.record("the remaining waiter should be served")
            return
        }
        state.abandon("b")
        guard case .parked = state.returned(1) else {
            Issue.record("nobody waits any more")
            return
        }
    }

    @Test("one failed attempt refuses nobody while another connection is open")
    func failureBesideOpen() {
        var state = State(maximumWaiters: 1)
        _ = state.opened(1)
        _ = state.lease("a")
        _ = state.lease("b")
        let refused = state.openingFailed("no route")
        #expect(refused.isEmpty)
        #expect(state.failure == nil)
    }

    @Test("when none is open a failed attempt refuses all waiters and every later lease, until one opens")
    func outage() {
        var state = State(maximumWaiters: 4)
        _ = state.lease("a")
        _ = state.lease("b")
        let refused = state.openingFailed("no route")
        #expect(refused == ["a", "b"])
        guard case .refuse(.unavailable(reason: "no route")) = state.lease("c") else {
            Issue.record("a lease during an outage should be refused")
            return
        }
        _ = state.opened(1)
        guard case .lend(1) = state.lease("d") else {
            Issue.record("a lease after the outage should be served")
            return
        }
    }

    @Test("a connection lost for a reason of the database's refuses all waiters when it was the last, otherwise none")
    func lateReplies() {
        var state = State(maximumWaiters: 4)
        _ = state.opened(1)
        _ = state.opened(2)
        for waiter in ["a", "b", "c"] { _ = state.lease(waiter) }
        let beside = state.lost(failure: "late")
        #expect(beside.isEmpty && state.failure == nil)
        let last = state.lost(failure: "late")
        #expect(last == ["c"] && state.failure == "late")
        guard case .refuse(.unavailable(reason: "late")) = state.lease("d") else {
            Issue.record("nobody may wait for a database that does not answer")
            return
        }
    }

    @Test("a connection lost for a reason of its user's lets the others wait for its return")
    func abandonedConnection() {
        var state = State(maximumWaiters: 4)
        _ = state.opened(1)
        for waiter in ["a", "b"] { _ = state.lease(waiter) }
        let refused = state.lost()
        #expect(refused.isEmpty && state.failure == nil)
        guard case .hand(1, to: "b") = state.opened(1) else {
            Issue.record("who waited should be served")
            return
        }
    }

    @Test("closing returns idle connections and refuses waiters")
    func closing() {
        var state = State(maximumWaiters: 4)
        _ = state.opened(1)
        let closed = state.close()
        #expect(closed.idle == [1])
        #expect(state.open == 0)
        guard case .refuse(.closed) = state.lease("a") else {
            Issue.record("a closed pool should refuse")
            return
        }
    }

    @Test("random histories neither lose nor duplicate a connection", arguments: 0..<50)
    func randomHistories(seed: Int) {
        var random = SystemRandomNumberGenerator()
        var state = State(maximumWaiters: 5)
        var lent: [Int] = []
        var waiting: [String] = []
        var next = 0
        for step in 0..<400 {
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where state.open < 6:
                next += 1
                if case .hand(let connection, let waiter) = state.opened(next) { serve(waiter, connection) }
            case 1:
                let waiter = "w\(step)"
                switch state.lease(waiter) {
                case .lend(let connection): lent.append(connection)
                case .wait: waiting.append(waiter)
                case .refuse(let refusal): #expect(refusal == .queueFull)
                }
            case 2:
                guard let index = lent.indices.randomElement(using: &random) else { continue }
                if case .hand(let connection, let waiter) = state.returned(lent.remove(at: index)) {
                    serve(waiter, connection)
                }
            case 3:
                guard let index = lent.indices.randomElement(using: &random) else { continue }
                lent.remove(at: index)
                _ = state.lost()
            default:
                guard let index = waiting.indices.randomElement(using: &random) else { continue }
                state.abandon(waiting.remove(at: index))
            }
            #expect(Set(lent).count == lent.count)
            #expect(state.open == lent.count + state.idleCount)
            #expect(state.waitingCount == waiting.count)
            #expect(waiting.isEmpty || state.idleCount == 0, "nobody waits beside an idle connection")
        }

        func serve(_ waiter: String, _ connection: Int) {
            #expect(waiting.first == waiter)
            waiting.removeFirst()
            lent.append(connection)
        }
    }
}
