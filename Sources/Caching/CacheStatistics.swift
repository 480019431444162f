/// What a cache holds and has done since it was made.
@usableFromInline
package struct CacheStatistics: Sendable, Equatable {
    @usableFromInline package var entries = 0
    /// Sum of the held entries' costs.
    @usableFromInline package var bytes = 0
    @usableFromInline package var hits: UInt64 = 0
    @usableFromInline package var misses: UInt64 = 0
    @usableFromInline package var evictions: UInt64 = 0
    /// Entries not stored because one alone exceeds a shard's bytes.
    @usableFromInline package var rejections: UInt64 = 0

    @inlinable package init() {}

    @usableFromInline
    mutating func add(_ other: CacheStatistics) {
        entries += other.entries
        bytes += other.bytes
        hits += other.hits
        misses += other.misses
        evictions += other.evictions
        rejections += other.rejections
    }
}
