import Synchronization

/// Who waits for a connection of a pool: a task that will drive it, or a statement that others send and read.
final class PoolWaiter<Member: Sendable>: Sendable, Equatable {
    /// A statement to be sent by whoever has a free connection.
    struct Request: Sendable {
        let statement: Statement
        let parameters: [Parameter]
        let settings: [Setting]
    }

    /// What a waiter was woken with.
    enum Outcome: Sendable {
        /// The connection is its own until it gives it back.
        case lent(Member)
        case replied(Result<QueryResult, any Error>, sentAt: ContinuousClock.Instant)
        case refused(PostgresError)
    }

    private enum State {
        case queued
        /// The request is with the server; `watch` tells when its reply comes.
        case sent(on: Member, watch: EventPoller.Ticket, at: ContinuousClock.Instant)
        case done(Outcome)
        case abandoned
    }

    let ticket: EventPoller.Ticket
    /// Nil for a task that wants the connection itself.
    let request: Request?
    private let state = Mutex(State.queued)

    init(_ ticket: EventPoller.Ticket, _ request: Request?) {
        self.ticket = ticket
        self.request = request
    }

    static func == (left: PoolWaiter, right: PoolWaiter) -> Bool { left === right }

    /// Hands the waiter its end, unless it has given up. True: it is to be woken.
    func finish(_ outcome: Outcome) -> Bool {
        state.withLock { state in
            if case .abandoned = state { return false }
            state = .done(outcome)
            return true
        }
    }

    func finish(reply: Result<QueryResult, any Error>) -> Bool {
        state.withLock { state in
            guard case .sent(_, _, let sentAt) = state else { return false }
            state = .done(.replied(reply, sentAt: sentAt))
            return true
        }
    }

    /// Runs `send`, then remembers where the request is and begins to watch for its reply. False, and nothing is run,
    /// when the waiter has given up.
    func begin(
        on member: Member, _ send: () throws -> Void, watch: (EventPoller.Ticket) -> Void,
        with ticket: EventPoller.Ticket
    ) rethrows -> Bool {
        try state.withLock { state in
            guard case .queued = state else { return false }
            try send()
            state = .sent(on: member, watch: ticket, at: .now)
            watch(ticket)
            return true
        }
    }

    /// Goes on watching for the reply. False, and nothing is run, when the waiter has given up.
    func goOn(_ watch: (EventPoller.Ticket) -> Void) -> Bool {
        state.withLock { state in
            guard case .sent(_, let ticket, _) = state else { return false }
            watch(ticket)
            return true
        }
    }

    enum Abandonment {
        /// It was served at the same moment: its wake is on the way.
        case tooLate(Outcome)
        case fromQueue
        /// Its request is with the server, and the connection is the caller's to mend.
        case fromServer(Member)
        /// Its request is with the server, and who reads the reply sees to the connection.
        case fromReader
    }

    /// Gives up.
    ///
    /// - Parameter unwatch: ends the watch; false where its action runs already.
    func abandon(_ unwatch: (EventPoller.Ticket) -> Bool) -> Abandonment {
        state.withLock { state in
            switch state {
            case .done(let outcome): return .tooLate(outcome)
            case .queued, .abandoned:
                state = .abandoned
                return .fromQueue
            case .sent(let member, let watch, _):
                state = .abandoned
                return unwatch(watch) ? .fromServer(member) : .fromReader
            }
        }
    }

    /// What the waiter was woken with; nil while it waits.
    var outcome: Outcome? {
        state.withLock { if case .done(let outcome) = $0 { outcome } else { nil } }
    }
}
