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

    private typealias State = PoolState<Member, EventPoller.Ticket>

    /// Long enough to cancel a statement on a healthy server, short enough to give the slot back soon.
    private static let recoveryTime = Duration.seconds(2)

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
        for waiter in waiters { poller.wake(waiter) }
        logger.debug("pool closed", metadata: ["idle": "\(idle.count)"])
    }

    // MARK: Leasing

    private func lease(until deadline: ContinuousClock.Instant?) async throws -> Member {
        let ticket = poller.makeTicket()
        switch state.withLock({ $0.lease(ticket) }) {
        case .lend(let member): return member
        case .refuse(let refusal): throw error(refusal)
        case .wait: break
        }
        let wake = await poller.wait(ticket, until: deadline)
        if wake != .ready {
            guard !state.withLock({ $0.abandon(ticket) }) else {
                throw wake == .deadline
                    ? PostgresError(.deadline, "the deadline passed while waiting for a connection")
                    : PostgresError(.cancelled, "cancelled while waiting for a connection")
            }
            // Served at the same moment: use up the wake that is on its way.
            poller.discardWake(ticket)
        }
        switch state.withLock({ $0.collect(ticket) }) {
        case .success(let member): return member
        case .failure(let refused): throw error(refused.refusal)
        case nil: throw PostgresError(.protocolViolation, "a waiter was woken without a connection")
        }
    }

    private func release(_ member: Member) {
        guard member.connection.isIdle else {
            state.withLock { $0.lost() }
            unfit[member.slot].continuation.yield(member.connection)
            return
        }
        hand(state.withLock { $0.returned(member) })
    }

    private func hand(_ placement: State.Placement) {
        if case .hand(_, let ticket) = placement { poller.wake(ticket) }
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
            while let returned = await mailbox.next() {
                guard await returned.recover(until: .now + Self.recoveryTime) else { break }
                join(returned, slot)
            }
            if Task.isCancelled { return }
            logger.warning("connection lost, opening another", metadata: ["slot": "\(slot)"])
        }
    }

    private func join(_ connection: Connection, _ slot: Int) {
        hand(state.withLock { $0.opened(Member(connection: connection, slot: slot)) })
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
                let waiters = state.withLock { $0.openingFailed("\(error)") }
                for waiter in waiters { poller.wake(waiter) }
                logger.warning("cannot connect to the database", metadata: ["error": "\(error)"])
                // Jitter spreads the return of many services over the pause (half to the whole of it).
                try? await Task.sleep(for: pause * Double.random(in: 0.5...1))
                pause = Swift.min(pause * 2, configuration.longestRetryPause)
            }
        }
        return nil
    }
}
