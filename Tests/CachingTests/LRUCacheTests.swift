import Caching
import Testing

@Suite struct LRUCacheTests {
    @Test("one shard does what the model does, operation by operation", arguments: 0..<8)
    func model(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let entries = Int.random(in: 1...12, using: &random)
        let bytes = Int.random(in: 1...60, using: &random)
        let cache = LRUCache<Int, String>(entries: entries, bytes: bytes, shards: 1)
        var model = ModelCache(entries: entries, bytes: bytes)
        for step in 0..<5_000 {
            let key = Int.random(in: 0..<20, using: &random)
            switch Int.random(in: 0..<200, using: &random) {
            case 0:
                cache.removeAll()
                model.removeAll()
            case 1..<10:
                cache.remove(key)
                model.remove(key)
            case 10..<100:
                let cost = Int.random(in: 0...20, using: &random)
                cache.store("\(key)-\(step)", for: key, cost: cost)
                model.store("\(key)-\(step)", for: key, cost: cost)
            default:
                guard cache.value(for: key) == model.value(for: key) else {
                    Issue.record("step \(step), key \(key)")
                    return
                }
            }
            guard cache.statistics == model.statistics else {
                Issue.record("step \(step): \(cache.statistics) is not \(model.statistics)")
                return
            }
        }
    }

    @Test("the entry used longest ago goes first")
    func order() {
        let cache = LRUCache<Int, Int>(entries: 3, bytes: 100, shards: 1)
        for key in 1...3 { cache.store(key, for: key, cost: 1) }
        #expect(cache.value(for: 1) == 1)
        cache.store(4, for: 4, cost: 1)
        #expect([1, 2, 3, 4].map { cache.value(for: $0) } == [1, nil, 3, 4])
    }

    @Test("a cache without room for entries or bytes holds nothing and answers misses", arguments: [(0, 10), (10, 0)])
    func off(entries: Int, bytes: Int) {
        let cache = LRUCache<Int, Int>(entries: entries, bytes: bytes)
        cache.store(1, for: 1, cost: 0)
        #expect(cache.value(for: 1) == nil)
        #expect(cache.statistics.entries == 0)
        #expect(cache.statistics.misses == 1)
    }

    @Test("an entry larger than a shard is counted, not stored, and hides no former value")
    func tooLarge() {
        let cache = LRUCache<Int, String>(entries: 10, bytes: 10, shards: 1)
        cache.store("small", for: 1, cost: 5)
        cache.store("large", for: 1, cost: 11)
        #expect(cache.value(for: 1) == nil)
        #expect(cache.statistics.rejections == 1)
        #expect(cache.statistics.bytes == 0)
    }

    @Test("the shards' shares add up to the bounds")
    func shares() {
        let cache = LRUCache<Int, Int>(entries: 10, bytes: 1_000, shards: 4)
        for key in 0..<1_000 { cache.store(key, for: key, cost: 1) }
        #expect(cache.statistics.entries == 10)
        #expect(cache.statistics.evictions == 990)
    }

    @Test("values are let go when they leave the cache")
    func release() {
        final class Owner: Sendable {}
        let cache = LRUCache<Int, Owner>(entries: 1, bytes: 10, shards: 1)
        weak var first: Owner?
        do {
            let owner = Owner()
            first = owner
            cache.store(owner, for: 1, cost: 1)
        }
        #expect(first != nil)
        cache.store(Owner(), for: 2, cost: 1)
        #expect(first == nil)
    }

    @Test("under concurrent use the bounds hold and no key gives another's value")
    func concurrentUse() async {
        let cache = LRUCache<Int, Int>(entries: 64, bytes: 400, shards: 4)
        let faults = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var random = RandomSource(seed: UInt64(worker))
                    var faults = 0
                    for _ in 0..<5_000 {
                        let key = Int.random(in: 0..<200, using: &random)
                        if let value = cache.value(for: key) {
                            if value != key * 31 { faults += 1 }
                        } else {
                            cache.store(key * 31, for: key, cost: Int.random(in: 0...20, using: &random))
                        }
                        let statistics = cache.statistics
                        if statistics.entries > 64 || statistics.bytes > 400 { faults += 1 }
                    }
                    return faults
                }
            }
            return await group.reduce(0, +)
        }
        #expect(faults == 0)
        #expect(cache.statistics.hits + cache.statistics.misses == 40_000)
    }
}
