import CPostgres
import Foundation
import Synchronization

/// One thread that wakes waiting tasks (when a socket is ready, when a deadline passes, or when another task says so) and
/// runs what watches a socket. It knows nothing of libpq.
final class EventPoller: Sendable {
    enum Wake: Sendable { case ready, deadline, cancelled }
    enum Interest: Sendable { case read, write, readOrWrite }

    /// One wait of one task. Tickets are never reused, so a late event cannot wake the wrong wait.
    struct Ticket: Hashable, Sendable { fileprivate let id: UInt64 }

    static let shared = EventPoller()

    private struct Waiter {
        let continuation: CheckedContinuation<Wake, Never>
        let deadline: ContinuousClock.Instant?
    }

    private struct State {
        var nextID: UInt64 = 1
        var waiters: [UInt64: Waiter] = [:]
        /// What to run, on the poller's thread, when a socket is ready.
        var watches: [UInt64: @Sendable () -> Void] = [:]
        /// Tickets whose descriptor cannot be waited for: they count as ready, so that who reads learns why.
        var unpollable: [UInt64] = []
        /// Tickets woken before their task began to wait.
        var early: Set<UInt64> = []
        /// Tickets whose wake is still to come and will find nobody.
        var unwanted: Set<UInt64> = []
        /// When the thread will look at deadlines by itself, never later than the earliest; nil while it sleeps
        /// without limit.
        var sleepsUntil: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let epoll: Int32
    private let alarm: Int32

    private init() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        alarm = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(epoll >= 0 && alarm >= 0, "the kernel refused an epoll or eventfd descriptor: errno \(errno)")
        var event = epoll_event(events: kindred_epoll_in, data: .init(u64: 0))
        epoll_ctl(epoll, EPOLL_CTL_ADD, alarm, &event)
        let thread = Thread { [self] in
            while true { poll() }
        }
        thread.name = "kindred-poller"
        thread.start()
    }

    func makeTicket() -> Ticket {
        state.withLock { state in
            defer { state.nextID += 1 }
            return Ticket(id: state.nextID)
        }
    }

    /// Waits until `descriptor` is ready; the registration is used up by the one event it waits for.
    func wait(
        for interest: Interest, on descriptor: Int32, until deadline: ContinuousClock.Instant?
    ) async -> Wake {
        let ticket = makeTicket()
        return await wait(ticket, until: deadline) { self.arm(descriptor, interest, ticket) }
    }

    /// Waits until somebody calls ``wake(_:)`` with the ticket, even if that happened already.
    func wait(_ ticket: Ticket, until deadline: ContinuousClock.Instant?) async -> Wake {
        await wait(ticket, until: deadline) {}
    }

    /// Runs `action` once, on the poller's thread, when `descriptor` is ready. It must not block.
    func watch(_ descriptor: Int32, for interest: Interest, _ ticket: Ticket, _ action: @escaping @Sendable () -> Void)
    {
        state.withLock { $0.watches[ticket.id] = action }
        arm(descriptor, interest, ticket)
    }

    /// Ends a watch. False: its action runs or has run.
    func unwatch(_ ticket: Ticket) -> Bool {
        state.withLock { $0.watches.removeValue(forKey: ticket.id) } != nil
    }

    func wake(_ ticket: Ticket) {
        let waiter = state.withLock { state in
            let waiter = state.waiters.removeValue(forKey: ticket.id)
            if waiter == nil, state.unwanted.remove(ticket.id) == nil { state.early.insert(ticket.id) }
            return waiter
        }
        waiter?.continuation.resume(returning: .ready)
    }

    /// Uses up the wake of a ticket whose task has stopped waiting, whether it came already or comes later.
    func discardWake(_ ticket: Ticket) {
        state.withLock { state in
            if state.early.remove(ticket.id) == nil { state.unwanted.insert(ticket.id) }
        }
    }

    private func wait(
        _ ticket: Ticket, until deadline: ContinuousClock.Instant?, then arm: @Sendable () -> Void
    ) async -> Wake {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                enum Decision { case resume(Wake), wait(mustRing: Bool) }
                let decision: Decision = state.withLock { state in
                    if state.early.remove(ticket.id) != nil { return .resume(.ready) }
                    if Task.isCancelled { return .resume(.cancelled) }
                    state.waiters[ticket.id] = Waiter(continuation: continuation, deadline: deadline)
                    guard let deadline, state.sleepsUntil.map({ deadline < $0 }) ?? true else {
                        return .wait(mustRing: false)
                    }
                    state.sleepsUntil = deadline
                    return .wait(mustRing: true)
                }
                switch decision {
                case .resume(let wake): continuation.resume(returning: wake)
                case .wait(let mustRing):
                    arm()
                    if mustRing { ring() }
                }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: ticket.id) }
            waiter?.continuation.resume(returning: .cancelled)
        }
    }

    private func arm(_ descriptor: Int32, _ interest: Interest, _ ticket: Ticket) {
        let events =
            switch interest {
            case .read: kindred_epoll_in
            case .write: kindred_epoll_out
            case .readOrWrite: kindred_epoll_in | kindred_epoll_out
            }
        var event = epoll_event(events: events | kindred_epoll_oneshot, data: .init(u64: ticket.id))
        // A descriptor stays registered between waits; a new connection reuses the number of a closed one,
        // which the kernel has forgotten.
        if epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) != 0 {
            if epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0 {
                state.withLock { $0.unpollable.append(ticket.id) }
                ring()
            }
        }
    }

    private func ring() {
        var one: UInt64 = 1
        _ = write(alarm, &one, 8)
    }

    private func poll() {
        let timeout: Int32 = state.withLock { state in
            guard let next = state.sleepsUntil else { return -1 }
            let left = ContinuousClock.now.duration(to: next) / .milliseconds(1)
            return Int32(Swift.max(0, Swift.min(left.rounded(.up), 60_000)))
        }
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        let count = epoll_wait(epoll, &events, Int32(events.count), timeout)
        let fired = count > 0 ? events[0..<Int(count)].map(\.data.u64) : []
        if fired.contains(0) {
            var drained: UInt64 = 0
            _ = read(alarm, &drained, 8)
        }
        let now = ContinuousClock.now
        var actions: [@Sendable () -> Void] = []
        var woken: [(CheckedContinuation<Wake, Never>, Wake)] = []
        state.withLock { state in
            defer { state.unpollable = [] }
            for id in fired + state.unpollable {
                if let action = state.watches.removeValue(forKey: id) {
                    actions.append(action)
                } else if let waiter = state.waiters.removeValue(forKey: id) {
                    woken.append((waiter.continuation, .ready))
                }
            }
            guard state.sleepsUntil.map({ $0 <= now }) ?? false else { return }
            // A linear look, and only when a deadline was due that was the earliest once.
            for (id, waiter) in state.waiters where waiter.deadline.map({ $0 <= now }) ?? false {
                state.waiters[id] = nil
                woken.append((waiter.continuation, .deadline))
            }
            state.sleepsUntil = state.waiters.values.compactMap(\.deadline).min()
        }
        for action in actions { action() }
        for (continuation, wake) in woken { continuation.resume(returning: wake) }
    }
}
