import Testing

@testable import Postgres

@Suite struct PoolStateTests {
    private typealias State = PoolState<Int, String>

    private func collect(_ waiter: String, gives connection: Int, _ state: inout State) throws {
        let collected = try state.collect(waiter)?.get()
        #expect(collected == connection)
    }

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
    func fifo() throws {
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
        try collect("a", gives: 1, &state)
        try collect("b", gives: 1, &state)
    }

    @Test("a waiter that gives up is not served; one that was served already must collect")
    func abandoning() throws {
        var state = State(maximumWaiters: 2)
        _ = state.lease("a")
        _ = state.lease("b")
        let gaveUp = state.abandon("a")
        #expect(gaveUp)
        guard case .hand(1, to: "b") = state.opened(1) else {
            Issue.record("the remaining waiter should be served")
            return
        }
        let wasServed = !state.abandon("b")
        #expect(wasServed)
        try collect("b", gives: 1, &state)
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
        let answer = state.collect("a")
        #expect(answer == .failure(.init(refusal: .unavailable(reason: "no route"))))
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
    func randomHistories(seed: Int) throws {
        var random = SystemRandomNumberGenerator()
        var state = State(maximumWaiters: 5)
        var lent: [Int] = []
        var waiting: [String] = []
        var next = 0
        for step in 0..<400 {
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where state.open < 6:
                next += 1
                if case .hand(_, let waiter) = state.opened(next) { serve(waiter) }
            case 1:
                let waiter = "w\(step)"
                switch state.lease(waiter) {
                case .lend(let connection): lent.append(connection)
                case .wait: waiting.append(waiter)
                case .refuse(let refusal): #expect(refusal == .queueFull)
                }
            case 2:
                guard let index = lent.indices.randomElement(using: &random) else { continue }
                if case .hand(_, let waiter) = state.returned(lent.remove(at: index)) { serve(waiter) }
            case 3:
                guard let index = lent.indices.randomElement(using: &random) else { continue }
                lent.remove(at: index)
                state.lost()
            default:
                guard let index = waiting.indices.randomElement(using: &random) else { continue }
                let gaveUp = state.abandon(waiting.remove(at: index))
                #expect(gaveUp)
            }
            #expect(Set(lent).count == lent.count)
            #expect(state.open == lent.count + state.idleCount)
            #expect(state.waitingCount == waiting.count)
            #expect(waiting.isEmpty || state.idleCount == 0, "nobody waits beside an idle connection")
        }

        func serve(_ waiter: String) {
            #expect(waiting.first == waiter)
            waiting.removeFirst()
            if case .success(let connection) = state.collect(waiter) { lent.append(connection) }
        }
    }
}
