import DequeModule

/// The decisions of a connection pool, without connections, clocks or continuations.
///
/// Idle connections are lent last-in first-out, so that a few stay hot; waiters are served first-in first-out.
/// The caller keeps it under a lock, and acts on what it returns after the lock.
struct PoolState<Resource, Waiter: Hashable> {
    enum Lease { case lend(Resource), wait, refuse(Refusal) }
    enum Refusal: Equatable { case queueFull, unavailable(reason: String), closed }
    enum Placement { case parked, hand(Resource, to: Waiter) }

    private let maximumWaiters: Int
    private var idle: [Resource] = []
    private var waiters: Deque<Waiter> = []
    private var granted: [Waiter: Result<Resource, PoolRefused>] = [:]
    private(set) var open = 0
    private var lastFailure: String?
    private var isClosed = false

    struct PoolRefused: Error, Equatable { let refusal: Refusal }

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
    mutating func lost() { open -= 1 }

    /// A connection could not be opened. Once none is open, every waiter is refused; they are returned to be woken.
    mutating func openingFailed(_ reason: String) -> [Waiter] {
        lastFailure = reason
        return open == 0 ? refuseAll(.unavailable(reason: reason)) : []
    }

    /// The pool ends: idle connections are returned to be closed, waiters to be woken.
    mutating func close() -> (idle: [Resource], waiters: [Waiter]) {
        isClosed = true
        defer {
            open -= idle.count
            idle = []
        }
        return (idle, refuseAll(.closed))
    }

    /// What a woken waiter was given; nil while it still waits.
    mutating func collect(_ waiter: Waiter) -> Result<Resource, PoolRefused>? { granted.removeValue(forKey: waiter) }

    /// A waiter gives up. False: it was served at the same moment, and must collect.
    mutating func abandon(_ waiter: Waiter) -> Bool {
        guard let position = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: position)
        return true
    }

    private mutating func place(_ resource: Resource) -> Placement {
        guard let waiter = waiters.popFirst() else {
            idle.append(resource)
            return .parked
        }
        granted[waiter] = .success(resource)
        return .hand(resource, to: waiter)
    }

    private mutating func refuseAll(_ refusal: Refusal) -> [Waiter] {
        defer { waiters = [] }
        for waiter in waiters { granted[waiter] = .failure(PoolRefused(refusal: refusal)) }
        return Array(waiters)
    }
}
