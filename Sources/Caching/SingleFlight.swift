import Synchronization

/// Lets concurrent callers that miss the same key share one computation.
///
/// The first caller computes in its own task and the others wait for it, so a caller that nobody joins pays for no
/// task and no switch of threads. Nothing is remembered: once the computation has ended, with a value or an error, the
/// next caller begins a new one.
package final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private enum Ending: Sendable {
        case result(Result<Value, any Error>)
        /// The caller that computed was cancelled, or ended before this one could join: ask again.
        case again
        case cancelled
    }

    private typealias Waiter = CheckedContinuation<Ending, Never>

    private struct State {
        /// Who waits for the computation under way, by number of the caller.
        var flights: [Key: [UInt64: Waiter]] = [:]
        var callers: UInt64 = 0

        /// Whether the caller is the one to compute.
        mutating func begins(_ key: Key) -> Bool {
            guard flights[key] == nil else { return false }
            flights[key] = [:]
            return true
        }
    }

    private let state = Mutex(State())

    package init() {}

    /// Callers under way, those that compute included. O(keys).
    package var waiting: Int {
        state.withLock { $0.flights.values.reduce(0) { $0 + $1.count + 1 } }
    }

    /// The result of the computation under way for `key`, or of `compute`.
    ///
    /// A caller that waits and is cancelled leaves at once. When the one that computes is cancelled, one of those that
    /// wait computes in its place.
    ///
    /// - Throws: what a computation throws, to every caller; `CancellationError` to a cancelled one.
    package func value(for key: Key, orCompute compute: () async throws -> Value) async throws -> Value {
        while true {
            try Task.checkCancellation()
            guard state.withLock({ $0.begins(key) }) else {
                switch await join(key) {
                case .result(let result): return try result.get()
                case .again: continue
                case .cancelled: throw CancellationError()
                }
            }
            let result: Result<Value, any Error>
            do {
                result = .success(try await compute())
            } catch {
                result = .failure(error)
            }
            // Out of the table before anyone is told: a caller that comes back at once begins a new flight.
            let waiters = state.withLock { $0.flights.removeValue(forKey: key) }
            let ending = SingleFlight.wasCancelled(result) ? Ending.again : .result(result)
            waiters?.values.forEach { $0.resume(returning: ending) }
            return try result.get()
        }
    }

    private static func wasCancelled(_ result: Result<Value, any Error>) -> Bool {
        if case .failure(let error) = result { error is CancellationError } else { false }
    }

    private func join(_ key: Key) async -> Ending {
        let number = state.withLock { state in
            state.callers += 1
            return state.callers
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let ending: Ending? = state.withLock { state in
                    // Asked under the lock: a cancellation from here on finds the waiter in its flight.
                    if Task.isCancelled { return .cancelled }
                    guard state.flights[key] != nil else { return .again }
                    state.flights[key]?[number] = waiter
                    return nil
                }
                if let ending { waiter.resume(returning: ending) }
            }
        } onCancel: {
            state.withLock { $0.flights[key]?.removeValue(forKey: number) }?.resume(returning: .cancelled)
        }
    }
}
