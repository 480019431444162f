package import Caching
import Synchronization

/// What people did since the models were trained: laid over the histories that these know.
///
/// Kept by item id, so that a switch of generation changes nothing. Bounded: whoever was not heard of for longest is
/// forgotten first.
package final class RecentHistories: Sendable {
    /// Something that a person did with an item.
    package struct Deed: Sendable {
        let person: Person
        let item: Int32
        let opinion: Opinion
        /// Microseconds since 1970.
        let occurredAt: Int64

        package init(_ person: Person, _ item: Int32, _ opinion: Opinion, occurredAt: Int64) {
            self.person = person
            self.item = item
            self.opinion = opinion
            self.occurredAt = occurredAt
        }
    }

    private struct History: Sendable {
        var deeds: [Int32: Deed] = [:]
        var revision = 0
    }

    private static let mostPeople = 200_000
    private static let mostBytes = 64 << 20
    private static let bytesPerPerson = 128
    private static let bytesPerDeed = 96

    private let histories: LRUCache<Person, History>
    /// Held by whoever records; the number of the last change.
    private let revisions = Mutex(0)
    /// Spares requests the look-up where nobody has done anything.
    private let isEmpty = Atomic(true)

    package init() { histories = LRUCache(entries: Self.mostPeople, bytes: Self.mostBytes) }

    /// People kept, and how many were forgotten for want of room.
    package var statistics: CacheStatistics { histories.statistics }

    /// What is known already changes nothing, so the same deeds may come again, by whatever way and in any order.
    package func record(_ deeds: some Sequence<Deed>) {
        revisions.withLock { revision in
            for deed in deeds {
                var history = histories.hit(for: deed.person) ?? History()
                if let former = history.deeds[deed.item], !deed.replaces(former) { continue }
                history.deeds[deed.item] = deed
                revision += 1
                history.revision = revision
                histories.store(
                    history, for: deed.person, cost: Self.bytesPerPerson + Self.bytesPerDeed * history.deeds.count)
                isEmpty.store(false, ordering: .releasing)
            }
        }
    }

    /// What they did before; what they do from now on counts.
    package func forget(_ people: some Sequence<Person>) {
        revisions.withLock { _ in
            for person in people { histories.remove(person) }
        }
    }

    /// - Returns: opinions by item id, and the revision they are of; nil where nothing is known.
    func recent(of person: Person) -> (opinions: [Int32: Opinion], revision: Int)? {
        find(person).map { ($0.deeds.mapValues(\.opinion), $0.revision) }
    }

    /// 0 where nothing is known.
    func revision(of person: Person) -> Int { find(person)?.revision ?? 0 }

    private func find(_ person: Person) -> History? {
        isEmpty.load(ordering: .acquiring) ? nil : histories.hit(for: person)
    }
}

extension RecentHistories.Deed {
    /// A rating says more than a visit, a later one more than an earlier one.
    fileprivate func replaces(_ former: Self) -> Bool {
        guard opinion != former.opinion else { return false }
        switch (opinion, former.opinion) {
        case (.rated, .rated): return occurredAt >= former.occurredAt
        case (.rated, _): return true
        case (_, .rated): return false
        default: return occurredAt >= former.occurredAt
        }
    }
}
