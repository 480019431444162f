import DequeModule

/// The decisions of a connection pool, without connections, clocks or continuations.
///
/// Idle connections are lent last-in first-out, so that a few stay hot; waiters are served first-in first-out.
/// The caller keeps it under a lock, and acts on what it returns after the lock.
struct PoolState<Resource, Waiter: Equatable> {
    enum Lease { case lend(Resource), wait, refuse(Refusal) }
    enum Refusal: Equatable { case queueFull, unavailable(reason: String), closed }
    enum Placement { case parked, hand(Resource, to: Waiter) }

    private let maximumWaiters: Int
    private var idle: [Resource] = []
    private var waiters: Deque<Waiter> = []
    private(set) var open = 0
    private var lastFailure: String?
    private var isClosed = false

    init(maximumWaiters: Int) { self.maximumWaiters = maximumWaiters }

    var idleCount: Int { idle.count }
    var waitingCount: Int { waiters.count }
    var failure: String? { open == 0 ? lastFailure : nil }

    /// Asks for a resource; on `.wait` the waiter is queued.
    mutating func lease(_ waiter: Waiter) -> Lease {
        if isClosed { return .refuse(.closed) }
        if let resource = idle.popLast() { return .lend(resource) }
        // Nobody may wait for a database known to be away: the caller has a better answer than a late error.
        if let failure { return .refuse(.unavailable(reason: failure)) }
        guard waiters.count < maximumWaiters else { return .refuse(.queueFull) }
        waiters.append(waiter)
        return .wait
    }

    /// A new connection joins the pool.
    mutating func opened(_ resource: Resource) -> Placement {
        open += 1
        lastFailure = nil
        return place(resource)
    }

    /// A lent connection comes back fit for use.
    mutating func returned(_ resource: Resource) -> Placement { place(resource) }

    /// A lent connection is broken or needs mending; it no longer counts as open.
    ///
    /// - Parameter failure: the database's, where it is one. When the connection was the last that was open, nobody may
    ///   wait for another, and those to be refused are returned.
    mutating func lost(failure: String? = nil) -> [Waiter] {
        open -= 1
        guard let failure else { return [] }
        lastFailure = failure
        return open == 0 ? takeWaiters() : []
    }

    /// A connection could not be opened. While none is open every waiter is to be refused: they are returned.
    mutating func openingFailed(_ reason: String) -> [Waiter] {
        lastFailure = reason
        return open == 0 ? takeWaiters() : []
    }

    /// The pool ends: idle connections are returned to be closed, waiters to be refused.
    mutating func close() -> (idle: [Resource], waiters: [Waiter]) {
        isClosed = true
        defer {
            open -= idle.count
            idle = []
        }
        return (idle, takeWaiters())
    }

    /// A waiter gives up; nothing where it was handed a resource at the same moment.
    mutating func abandon(_ waiter: Waiter) {
        if let position = waiters.firstIndex(of: waiter) { waiters.remove(at: position) }
    }

    private mutating func place(_ resource: Resource) -> Placement {
        guard let waiter = waiters.popFirst() else {
            idle.append(resource)
            return .parked
        }
        return .hand(resource, to: waiter)
    }

    private mutating func takeWaiters() -> [Waiter] {
        defer { waiters = [] }
        return Array(waiters)
    }
}
