import Synchronization

/// Lets concurrent callers that miss the same key share one computation.
///
/// Nothing is remembered: once the computation has ended, with a value or an error, the next caller begins
/// a new one.
package final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private typealias Waiter = CheckedContinuation<Value, any Error>

    private struct Flight {
        let number: UInt64
        let task: Task<Void, Never>
        var waiters: [UInt64: Waiter]
    }

    private let flights = Mutex<[Key: Flight]>([:])
    private let callers = Atomic<UInt64>(0)

    package init() {}

    /// Callers that wait now, those that began a computation included. O(keys).
    package var waiting: Int {
        flights.withLock { $0.values.reduce(0) { $0 + $1.waiters.count } }
    }

    /// The result of the computation under way for `key`, or of `compute`, begun for this and all callers to come.
    ///
    /// The computation is a task of its own: a cancelled caller leaves at once and the others still get their result;
    /// when the last caller has left, the computation is cancelled too. It inherits the priority and task-local
    /// values of the caller that began it.
    ///
    /// - Throws: what `compute` throws, to every caller; `CancellationError` to a cancelled one.
    package func value(
        for key: Key, orCompute compute: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let number = callers.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                join(waiter, numbered: number, key, compute)
            }
        } onCancel: {
            leave(key, number)
        }
    }

    private func join(
        _ waiter: Waiter, numbered number: UInt64, _ key: Key, _ compute: @escaping @Sendable () async throws -> Value
    ) {
        let isCancelled = flights.withLock { flights in
            // Asked under the lock: a cancellation from here on finds the waiter in its flight.
            guard !Task.isCancelled else { return true }
            if flights[key] == nil {
                // Only created here; it runs elsewhere and asks for the lock when it has a result.
                let task = Task { await self.run(compute, for: key, as: number) }
                flights[key] = Flight(number: number, task: task, waiters: [:])
            }
            flights[key]?.waiters[number] = waiter
            return false
        }
        if isCancelled { waiter.resume(throwing: CancellationError()) }
    }

    private func leave(_ key: Key, _ number: UInt64) {
        let (waiter, abandoned) = flights.withLock { flights -> (Waiter?, Flight?) in
            let waiter = flights[key]?.waiters.removeValue(forKey: number)
            // Out of the table with the last waiter, so that nobody joins a computation that is being cancelled.
            let isAbandoned = waiter != nil && flights[key]?.waiters.isEmpty == true
            return (waiter, isAbandoned ? flights.removeValue(forKey: key) : nil)
        }
        abandoned?.task.cancel()
        waiter?.resume(throwing: CancellationError())
    }

    private func run(_ compute: @Sendable () async throws -> Value, for key: Key, as number: UInt64) async {
        let result: Result<Value, any Error>
        do {
            result = .success(try await compute())
        } catch {
            result = .failure(error)
        }
        // Out of the table before anyone is told: a caller that comes back at once begins a new flight.
        let flight = flights.withLock { flights in
            flights[key]?.number == number ? flights.removeValue(forKey: key) : nil
        }
        guard let flight else { return }
        for waiter in flight.waiters.values { waiter.resume(with: result) }
    }
}
