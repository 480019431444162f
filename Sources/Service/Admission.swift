import Synchronization

/// How many requests the router has at a time, over all connections.
final class Admission: Sendable {
    private let limit: Int
    private let count = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// Requests that the router has not answered to the end.
    var underWay: Int { count.load(ordering: .relaxed) }

    /// Lets a request in where there is room.
    func enter() -> Bool {
        if count.wrappingAdd(1, ordering: .relaxed).newValue <= limit { return true }
        leave(1)
        return false
    }

    /// Lets a request in whether there is room or not.
    func enterAnyway() { count.wrappingAdd(1, ordering: .relaxed) }

    func leave(_ requests: Int) { count.wrappingSubtract(requests, ordering: .relaxed) }
}
