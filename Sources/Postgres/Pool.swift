package import Logging
import Synchronization

/// A fixed number of connections, kept open, lent to one task at a time.
///
/// `run()` must be running: each of its slots opens one connection, and opens it again with a jittered, growing
/// pause whenever it is lost. While the database is away a lease is refused at once.
package final class Pool: Sendable {
    package struct Configuration: Sendable {
        package var connection: ConnectionConfiguration
        /// Connections kept open; near the number of the database's cores.
        package var size: Int
        /// Leases that may wait; beyond it they are refused.
        package var maximumWaiters: Int
        package var connectTimeout: Duration
        package var firstRetryPause: Duration
        package var longestRetryPause: Duration

        package init(
            connection: ConnectionConfiguration, size: Int = 4, maximumWaiters: Int = 256,
            connectTimeout: Duration = .seconds(5), firstRetryPause: Duration = .milliseconds(50),
            longestRetryPause: Duration = .seconds(2)
        ) {
            self.connection = connection
            self.size = size
            self.maximumWaiters = maximumWaiters
            self.connectTimeout = connectTimeout
            self.firstRetryPause = firstRetryPause
            self.longestRetryPause = longestRetryPause
        }
    }

    /// How the pool is doing, for metrics and readiness.
    package struct Status: Sendable, Equatable {
        package let open: Int
        package let idle: Int
        package let waiting: Int
        /// Why no connection is open, after an attempt has failed; nil while there is one.
        package let failure: String?
    }

    private struct Member: Sendable {
        let connection: Connection
        let slot: Int
    }

    private typealias Waiter = PoolWaiter<Member>
    private typealias State = PoolState<Member, Waiter>

    /// Long enough to cancel a statement on a healthy server, short enough to give the slot back soon.
    private static let recoveryTime = Duration.seconds(2)
    private static let late = "it did not answer in time"

    private let configuration: Configuration
    private let logger: Logger
    private let poller = EventPoller.shared
    private let state: Mutex<State>
    /// One mailbox for each slot: the connection that came back unfit.
    private let unfit: [(stream: AsyncStream<Connection>, continuation: AsyncStream<Connection>.Continuation)]

    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        self.state = Mutex(State(maximumWaiters: configuration.maximumWaiters))
        self.unfit = (0..<configuration.size).map { _ in AsyncStream.makeStream() }
    }

    package var status: Status {
        state.withLock { Status(open: $0.open, idle: $0.idleCount, waiting: $0.waitingCount, failure: $0.failure) }
    }

    /// Lends a connection for the time of `body`.
    ///
    /// - Throws: `PostgresError` with code `poolExhausted`, `connection` (database away), `deadline` or `cancelled`,
    ///   or what `body` throws.
    package func withConnection<Result>(
        deadline: ContinuousClock.Instant? = nil, _ body: (Connection) async throws -> Result
    ) async throws -> Result {
        let member = try await lease(until: deadline)
        defer { release(member) }
        return try await body(member.connection)
    }

    /// Keeps the connections open until the task is cancelled.
    package func run() async {
        await withTaskGroup { group in
            for slot in 0..<configuration.size {
                group.addTask { await self.keepOpen(slot) }
            }
        }
        let (idle, waiters) = state.withLock { $0.close() }
        refuse(waiters, .closed)
        logger.debug("pool closed", metadata: ["idle": "\(idle.count)"])
    }

    /// Runs one statement on some connection.
    ///
    /// Where the statement is prepared there and its settings are in force, nobody leases the connection: who frees one
    /// sends the next statement on it at once, so that the server never waits for a task to be scheduled.
    ///
    /// - Returns: the result, and when the statement was sent.
    /// - Throws: as ``withConnection(deadline:_:)``.
    package func query(
        _ statement: Statement, _ parameters: [Parameter] = [], settings: [Setting] = [],
        deadline: ContinuousClock.Instant? = nil
    ) async throws -> (result: QueryResult, sentAt: ContinuousClock.Instant) {
        let request = Waiter.Request(statement: statement, parameters: parameters, settings: settings)
        switch try await wait(for: request, until: deadline) {
        case .replied(let reply, let sentAt): return (try reply.get(), sentAt)
        case .refused(let error): throw error
        case .lent(let member):
            let sentAt = ContinuousClock.now
            do {
                let result = try await member.connection.query(
                    statement, parameters, settings: settings, deadline: deadline)
                release(member)
                return (result, sentAt)
            } catch {
                release(member, failure: (error as? PostgresError)?.code == .deadline ? Self.late : nil)
                throw error
            }
        }
    }

    // MARK: Leasing

    private func lease(until deadline: ContinuousClock.Instant?) async throws -> Member {
        switch try await wait(for: nil, until: deadline) {
        case .lent(let member): return member
        case .refused(let error): throw error
        case .replied: throw PostgresError(.protocolViolation, "a lease was answered like a statement")
        }
    }

    private func wait(
        for request: Waiter.Request?, until deadline: ContinuousClock.Instant?
    ) async throws -> Waiter.Outcome {
        let waiter = Waiter(poller.makeTicket(), request)
        switch state.withLock({ $0.lease(waiter) }) {
        case .lend(let member):
            guard let request, member.connection.canSend(request.statement, settings: request.settings) else {
                return .lent(member)
            }
            serve(waiter, with: member)
        case .refuse(let refusal): return .refused(error(refusal))
        case .wait: break
        }
        let wake = await poller.wait(waiter.ticket, until: deadline)
        if wake == .ready {
            guard let outcome = waiter.outcome else {
                throw PostgresError(.protocolViolation, "a waiter was woken with nothing")
            }
            return outcome
        }
        let reason = wake == .deadline ? "the deadline passed" : "cancelled"
        switch waiter.abandon(poller.unwatch) {
        case .tooLate(let outcome):
            poller.discardWake(waiter.ticket)
            return outcome
        case .fromQueue:
            state.withLock { $0.abandon(waiter) }
            throw PostgresError(wake == .deadline ? .deadline : .cancelled, "\(reason) while waiting for a connection")
        case .fromServer(let member):
            // A client that went away says nothing about the database; a reply that did not come does.
            discard(member, failure: wake == .deadline ? Self.late : nil)
        case .fromReader: break
        }
        throw PostgresError(wake == .deadline ? .deadline : .cancelled, "\(reason) while waiting for the server")
    }

    /// Gives a waiter a connection: sends its statement, or lends it.
    private func serve(_ waiter: Waiter, with member: Member) {
        guard let request = waiter.request, member.connection.canSend(request.statement, settings: request.settings)
        else {
            if waiter.finish(.lent(member)) { poller.wake(waiter.ticket) } else { release(member) }
            return
        }
        do {
            var interest = EventPoller.Interest.read
            let hasBegun = try waiter.begin(
                on: member,
                { interest = try member.connection.sendAtOnce(request.statement, request.parameters) },
                watch: { watch(waiter, member, .init(), for: interest, $0) }, with: poller.makeTicket())
            if !hasBegun { release(member) }
        } catch {
            release(member)
            let failure = error as? PostgresError ?? PostgresError(.protocolViolation, "\(error)")
            if waiter.finish(.refused(failure)) { poller.wake(waiter.ticket) }
        }
    }

    private func watch(
        _ waiter: Waiter, _ member: Member, _ reply: Connection.Reply, for interest: EventPoller.Interest,
        _ ticket: EventPoller.Ticket
    ) {
        poller.watch(member.connection.descriptor, for: interest, ticket) { [self] in
            var reply = reply
            switch member.connection.readOn(&reply) {
            case .waiting(let interest):
                guard waiter.goOn({ watch(waiter, member, reply, for: interest, $0) }) else {
                    discard(member)
                    return
                }
            case .finished(let result):
                // The next statement goes out before anybody looks at this one's result.
                release(member)
                if waiter.finish(reply: result) { poller.wake(waiter.ticket) }
            }
        }
    }

    /// - Parameter failure: of the database, if the connection is unfit because of one.
    private func release(_ member: Member, failure: String? = nil) {
        guard member.connection.isIdle else {
            discard(member, failure: failure)
            return
        }
        place(state.withLock { $0.returned(member) })
    }

    private func place(_ placement: State.Placement) {
        if case .hand(let member, let waiter) = placement { serve(waiter, with: member) }
    }

    /// Takes a connection out of the pool; its slot mends or replaces it.
    private func discard(_ member: Member, failure: String? = nil) {
        refuse(state.withLock { $0.lost(failure: failure) }, .unavailable(reason: failure ?? ""))
        unfit[member.slot].continuation.yield(member.connection)
    }

    private func refuse(_ waiters: [Waiter], _ refusal: State.Refusal) {
        for waiter in waiters where waiter.finish(.refused(error(refusal))) { poller.wake(waiter.ticket) }
    }

    private func error(_ refusal: State.Refusal) -> PostgresError {
        switch refusal {
        case .queueFull: PostgresError(.poolExhausted, "all connections are in use and the queue is full")
        case .unavailable(let reason): PostgresError(.connection, "the database is away: \(reason)")
        case .closed: PostgresError(.connection, "the pool is closed")
        }
    }

    // MARK: Keeping connections open

    private func keepOpen(_ slot: Int) async {
        var mailbox = unfit[slot].stream.makeAsyncIterator()
        while let connection = await open(), !Task.isCancelled {
            join(connection, slot)
            var pause = configuration.firstRetryPause
            var finished = connection.finishedStatements
            while let returned = await mailbox.next() {
                let hasServed = returned.finishedStatements > finished
                guard await returned.recover(until: .now + Self.recoveryTime) else { break }
                // A database too slow for every deadline is asked now and then, not by every request.
                pause = hasServed ? configuration.firstRetryPause : await wait(pause)
                finished = returned.finishedStatements
                join(returned, slot)
            }
            if Task.isCancelled { return }
            logger.warning("connection lost, opening another", metadata: ["slot": "\(slot)"])
        }
    }

    private func join(_ connection: Connection, _ slot: Int) {
        place(state.withLock { $0.opened(Member(connection: connection, slot: slot)) })
    }

    /// Tries until it succeeds; nil once the task is cancelled.
    private func open() async -> Connection? {
        var pause = configuration.firstRetryPause
        while !Task.isCancelled {
            do {
                let connection = try await Connection.connect(
                    configuration.connection, deadline: .now + configuration.connectTimeout)
                for notice in connection.takeNotices() { logger.notice("\(notice)") }
                return connection
            } catch {
                guard !Task.isCancelled else { return nil }
                refuse(state.withLock { $0.openingFailed("\(error)") }, .unavailable(reason: "\(error)"))
                logger.warning("cannot connect to the database", metadata: ["error": "\(error)"])
                pause = await wait(pause)
            }
        }
        return nil
    }

    /// Pauses, and returns the length of the next pause. Jitter spreads the return of many services over the pause (half to
    /// the whole of it).
    private func wait(_ pause: Duration) async -> Duration {
        try? await Task.sleep(for: pause * Double.random(in: 0.5...1))
        return Swift.min(pause * 2, configuration.longestRetryPause)
    }
}
