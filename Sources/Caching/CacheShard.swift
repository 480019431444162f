// Public, because the inlinable code below locks in the caller's module.
public import Synchronization

/// One shard of a cache: the entries and their order under one lock.
@usableFromInline
final class CacheShard<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    @usableFromInline let maximumEntries: Int
    @usableFromInline let maximumBytes: Int
    @usableFromInline let state = Mutex(State())

    @usableFromInline
    struct State: Sendable {
        @usableFromInline var slots: [Key: RecencyList<Entry>.Slot] = [:]
        @usableFromInline var order = RecencyList<Entry>()
        @usableFromInline var statistics = CacheStatistics()

        @inlinable init() {}

        @inlinable
        mutating func hit(_ key: Key) -> Value? {
            guard let slot = slots[key] else { return nil }
            statistics.hits += 1
            order.moveToFront(slot)
            return order[slot].value
        }

        /// Takes an entry out of both structures.
        @inlinable
        mutating func remove(_ slot: RecencyList<Entry>.Slot) -> Entry {
            let entry = order.remove(slot)
            slots[entry.key] = nil
            statistics.entries -= 1
            statistics.bytes -= entry.cost
            return entry
        }
    }

    @usableFromInline
    struct Entry: Sendable {
        @usableFromInline let key: Key
        @usableFromInline let value: Value
        @usableFromInline let cost: Int

        @inlinable
        init(key: Key, value: Value, cost: Int) {
            self.key = key
            self.value = value
            self.cost = cost
        }
    }

    @inlinable
    init(entries: Int, bytes: Int) {
        maximumEntries = entries
        maximumBytes = bytes
    }

    @inlinable var isOff: Bool { maximumEntries == 0 || maximumBytes == 0 }

    @inlinable var statistics: CacheStatistics { state.withLock { $0.statistics } }

    @inlinable
    func value(for key: Key) -> Value? {
        state.withLock { state in
            if let value = state.hit(key) { return value }
            state.statistics.misses += 1
            return nil
        }
    }

    @inlinable
    func hit(for key: Key) -> Value? { state.withLock { $0.hit(key) } }

    @inlinable
    func countMiss() { state.withLock { $0.statistics.misses += 1 } }

    @inlinable
    func store(_ value: Value, for key: Key, cost: Int) {
        guard !isOff else { return }
        // What is dropped outlives the lock: a value's destructor may take long, or call the cache.
        var dropped: [Entry] = []
        state.withLock { state in
            guard cost <= maximumBytes else {
                state.statistics.rejections += 1
                // The former value is out of date: better a miss than a wrong hit.
                if let slot = state.slots[key] { dropped.append(state.remove(slot)) }
                return
            }
            if let slot = state.slots[key] {
                let former = state.order[slot]
                state.order[slot] = Entry(key: key, value: value, cost: cost)
                state.order.moveToFront(slot)
                state.statistics.bytes -= former.cost
                dropped.append(former)
            } else {
                state.slots[key] = state.order.insertAtFront(Entry(key: key, value: value, cost: cost))
                state.statistics.entries += 1
            }
            state.statistics.bytes += cost
            while state.statistics.entries > maximumEntries || state.statistics.bytes > maximumBytes {
                // The newest entry alone fits, so there is an older one to give way.
                guard let oldest = state.order.last else { break }
                dropped.append(state.remove(oldest))
                state.statistics.evictions += 1
            }
        }
        withExtendedLifetime(dropped) {}
    }

    @inlinable
    func remove(_ key: Key) {
        let former = state.withLock { state in state.slots[key].map { state.remove($0) } }
        withExtendedLifetime(former) {}
    }

    @inlinable
    func removeAll() {
        let former = state.withLock { state in
            let former = state
            state = State()
            state.statistics = former.statistics
            state.statistics.entries = 0
            state.statistics.bytes = 0
            return former.order
        }
        withExtendedLifetime(former) {}
    }
}
