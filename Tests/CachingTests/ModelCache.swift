import Caching

/// The cache as its documentation reads: one array, newest first, every operation O(n).
struct ModelCache {
    private(set) var entries: [(key: Int, value: String, cost: Int)] = []
    private(set) var statistics = CacheStatistics()
    let maximumEntries: Int
    let maximumBytes: Int

    init(entries: Int, bytes: Int) {
        maximumEntries = entries
        maximumBytes = bytes
    }

    mutating func value(for key: Int) -> String? {
        guard let index = entries.firstIndex(where: { $0.key == key }) else {
            statistics.misses += 1
            return nil
        }
        statistics.hits += 1
        entries.insert(entries.remove(at: index), at: 0)
        return entries[0].value
    }

    mutating func store(_ value: String, for key: Int, cost: Int) {
        entries.removeAll { $0.key == key }
        if cost > maximumBytes {
            statistics.rejections += 1
        } else {
            entries.insert((key, value, cost), at: 0)
        }
        while entries.count > maximumEntries || entries.reduce(0, { $0 + $1.cost }) > maximumBytes {
            entries.removeLast()
            statistics.evictions += 1
        }
        count()
    }

    mutating func remove(_ key: Int) {
        entries.removeAll { $0.key == key }
        count()
    }

    mutating func removeAll() {
        entries = []
        count()
    }

    private mutating func count() {
        statistics.entries = entries.count
        statistics.bytes = entries.reduce(0) { $0 + $1.cost }
    }
}
