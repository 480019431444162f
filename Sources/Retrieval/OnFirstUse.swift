import Synchronization

/// Something that is made when it is asked for first: not at a start, nor when a generation takes the place of another.
final class OnFirstUse<Value: Sendable>: Sendable {
    private let made = Mutex<Task<Value, Never>?>(nil)

    /// Whether anybody has asked for it.
    var isAsked: Bool { made.withLock { $0 != nil } }

    /// What `make` made for whoever asked first; the others wait for it.
    func value(_ make: @escaping @Sendable () -> Value) async -> Value { await begun(make).value }

    /// Makes it ahead of the first who asks.
    func prepare(_ make: @escaping @Sendable () -> Value) { _ = begun(make) }

    private func begun(_ make: @escaping @Sendable () -> Value) -> Task<Value, Never> {
        made.withLock { made in
            if let made { return made }
            let task = Task(executorPreference: BackgroundThread.shared) { make() }
            made = task
            return task
        }
    }
}
