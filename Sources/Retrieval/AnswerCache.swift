package import Caching
import Telemetry

/// Encoded answers, kept by everything that determines them. Concurrent requests for a missing one share its
/// computation.
package struct AnswerCache<Encoded: Sendable>: Sendable {
    /// A switch of generation, or the erasure of a user, is a new key space: the old answers are never found again.
    package struct Key: Hashable, Sendable {
        let generation: Int
        let erasedAt: Int64
        let request: SearchRequest

        package init(_ snapshot: Snapshot, request: SearchRequest) {
            generation = snapshot.generation.id
            erasedAt = snapshot.erasedAt
            self.request = request
        }
    }

    /// An answer as it goes out now, and the form that the cache will serve.
    package struct Entry: Sendable {
        package let fresh: Encoded
        let cached: (form: Encoded, bytes: Int)?

        /// - Parameter cached: the form to keep and the memory it takes; nil for an answer that must not be kept.
        package init(fresh: Encoded, cached: (form: Encoded, bytes: Int)?) {
            self.fresh = fresh
            self.cached = cached
        }
    }

    private let cache: LRUCache<Key, Encoded>
    private let flight = SingleFlight<Key, Entry>()
    private let isOff: Bool

    /// - Parameter entries: 0 turns the cache, and with it the sharing, off.
    package init(entries: Int, bytes: Int) {
        cache = LRUCache(entries: entries, bytes: bytes)
        isOff = entries == 0 || bytes == 0
    }

    package var statistics: CacheStatistics { cache.statistics }

    /// Forgets every answer; one that is being computed is kept under its old key, if at all.
    package func removeAll() { cache.removeAll() }

    /// The kept answer; counts a hit, but no miss: who finds nothing asks ``answer(for:orCompute:)``.
    package func kept(for key: Key) -> Encoded? { isOff ? nil : cache.hit(for: key) }

    /// Keeps an answer that was computed without waiting, and gives the form that goes out now; counts a miss.
    package func keep(_ entry: Entry, for key: Key) -> Encoded {
        if !isOff {
            cache.countMiss(for: key)
            if let kept = entry.cached { cache.store(kept.form, for: key, cost: kept.bytes) }
        }
        return entry.fresh
    }

    package func answer(
        for key: Key, orCompute compute: () async throws -> Entry
    ) async throws -> Encoded {
        if isOff { return try await compute().fresh }
        if let hit = cache.value(for: key) { return hit }
        return try await flight.value(for: key) {
            let entry = try await compute()
            if let kept = entry.cached { cache.store(kept.form, for: key, cost: kept.bytes) }
            return entry
        }.fresh
    }
}
