/// A bounded map that forgets what was used longest ago; O(1) per operation.
///
/// Keys are spread over shards, each with its own lock, order and share of the bounds, so eviction is exact
/// within a shard and approximate over the whole. Recency counts `value(for:)` and `store` as uses.
@usableFromInline
package final class LRUCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    // Inlinable throughout, with all its parts: so a caller in another module gets code for its own types. Left generic,
    // a look-up spent most of its time on type metadata (0.95 µs instead of 0.25 µs).
    @usableFromInline typealias Shard = CacheShard<Key, Value>

    @usableFromInline let shards: [Shard]

    /// - Parameters:
    ///   - entries: most entries held; 0 turns the cache off.
    ///   - bytes: most that the costs of the held entries may add up to; 0 turns the cache off.
    ///   - shards: rounded down where a shard would be left without an entry.
    @inlinable
    package init(entries: Int, bytes: Int, shards: Int = 16) {
        precondition(entries >= 0 && bytes >= 0 && shards > 0, "a cache has no negative bound and at least one shard")
        let count = max(1, min(shards, entries))
        self.shards = (0..<count).map { index in
            let share = { (total: Int) in total / count + (index < total % count ? 1 : 0) }
            return Shard(entries: share(entries), bytes: share(bytes))
        }
    }

    /// The value stored last under `key`, unless it has been evicted; counts a hit or a miss.
    @inlinable
    package func value(for key: Key) -> Value? {
        shard(of: key).value(for: key)
    }

    /// As ``value(for:)``, but does not count a miss: for a caller that will ask again.
    @inlinable
    package func hit(for key: Key) -> Value? {
        shard(of: key).hit(for: key)
    }

    /// Counts the miss of a caller that found nothing with ``hit(for:)`` and does not ask again.
    @inlinable
    package func countMiss(for key: Key) {
        shard(of: key).countMiss()
    }

    /// Stores a value in place of the key's former one and evicts what exceeds the bounds.
    ///
    /// - Parameter cost: bytes the entry takes, its key and bookkeeping included as far as the caller counts them. An
    ///   entry that costs more than a shard's bytes is not stored, and neither is the former one kept.
    @inlinable
    package func store(_ value: Value, for key: Key, cost: Int) {
        precondition(cost >= 0, "an entry has no negative cost")
        shard(of: key).store(value, for: key, cost: cost)
    }

    /// Forgets the key's value, if there is one.
    @inlinable
    package func remove(_ key: Key) { shard(of: key).remove(key) }

    /// Forgets every entry; the counters go on. O(entries).
    @inlinable
    package func removeAll() {
        for shard in shards { shard.removeAll() }
    }

    /// Sums over the shards, each read at its own moment.
    @inlinable
    package var statistics: CacheStatistics {
        shards.reduce(into: CacheStatistics()) { $0.add($1.statistics) }
    }

    @inlinable
    func shard(of key: Key) -> Shard {
        guard shards.count > 1 else { return shards[0] }
        // The high word of the product is hash × shards ÷ 2⁶⁴: even for any number of shards, and no division.
        let hash = UInt(bitPattern: key.hashValue)
        return shards[Int(hash.multipliedFullWidth(by: UInt(shards.count)).high)]
    }
}
