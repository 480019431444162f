package import Foundation
import Kernels
import ModelBundle

/// One generation in memory: everything a request needs but the database's opinion of what is near.
///
/// Rows are in ascending order of id, so that ties by row are ties by id.
package struct Snapshot: Sendable {
    package let generation: ActiveGeneration
    package let items: ItemTable
    let facets: ItemFacets
    /// For users and items alike: which row an id has.
    let itemRows: RowIndex
    let embeddings: VectorColumn
    let similarities: VectorColumn
    let userRows: RowIndex
    let userVectors: VectorColumn
    let seen: SeenLists
    /// What user vectors are computed from.
    let encoder: UserEncoder
    /// Item rows, most interactions first, then by id: the stated fallback where there is no vector to ask with.
    let popular: [Int32]
    /// Nil for a generation that predicts no ratings.
    let reranker: ModelReranker?
    /// When the file was written that it was read from; nil for one that was read from the database.
    package let filedAt: Date?
    /// When a user of the catalogue had last been erased, in microseconds since 1970, before this was read; 0 for never, or
    /// where nobody knows.
    package let erasedAt: Int64
    let titleIndex = OnFirstUse<TitleIndex>()
    let tagShares = OnFirstUse<[String: Double]>()

    package func item(_ id: Int32) throws(RetrievalError) -> Item { items[Int(try itemRow(id))] }

    package var userCount: Int { userVectors.matrix.rows }

    /// Made for the first who looks for a title; a million of them take seconds.
    func titles() async -> TitleIndex { await titleIndex.value(makeTitles) }

    /// Makes the index of titles ahead of the first who looks for one.
    func prepareTitles() { titleIndex.prepare(makeTitles) }

    private var makeTitles: @Sendable () -> TitleIndex {
        { [items, popular] in TitleIndex(items, popular: popular) }
    }

    /// The share of each tag among all ratings.
    func shares() async -> [String: Double] {
        await tagShares.value { [items, seen] in TasteProfile.shares(items, seen) }
    }

    func itemRow(_ id: Int32) throws(RetrievalError) -> Int32 {
        guard let row = itemRows[id] else { throw .unknownItem(id) }
        return row
    }

    /// Nil for a user that the generation does not know, and for an anonymous session.
    func userRow(_ person: Person) -> Int32? {
        guard case .user(let id) = person else { return nil }
        return userRows[id]
    }
}

/// For each user the rows of the items in the history, ascending, and what the user rated them: arrays, cut by offsets.
struct SeenLists: Sendable {
    let offsets: [Int]
    let rows: [Int32]
    /// Parallel to the rows.
    let values: [Float]

    init(offsets: [Int], rows: [Int32], values: [Float]) {
        self.offsets = offsets
        self.rows = rows
        self.values = values
    }

    /// - Parameters:
    ///   - pairs: (user row, item row), ascending.
    ///   - values: for each pair.
    init(users: Int, pairs: [(user: Int32, item: Int32)], values: [Float]) {
        var offsets = [Int](repeating: 0, count: users + 1)
        for pair in pairs { offsets[Int(pair.user) + 1] += 1 }
        for user in 0..<users { offsets[user + 1] += offsets[user] }
        self.offsets = offsets
        self.rows = pairs.map(\.item)
        self.values = values
    }

    subscript(user: Int32) -> ArraySlice<Int32> { rows[range(of: user)] }

    /// Where a user's pairs are among all.
    func range(of user: Int32) -> Range<Int> { offsets[Int(user)]..<offsets[Int(user) + 1] }

    /// Item rows, those that most users have first, then by row. O(items + pairs), where a sort would compare them all.
    func popular(items: Int) -> [Int32] {
        var counts = [Int32](repeating: 0, count: items)
        for row in rows { counts[Int(row)] += 1 }
        // By counting: where the items with each number of users begin.
        var starts = [Int](repeating: 0, count: Int(counts.max() ?? 0) + 1)
        for count in counts { starts[Int(count)] += 1 }
        var start = 0
        for count in starts.indices.reversed() { (starts[count], start) = (start, start + starts[count]) }
        return [Int32](unsafeUninitializedCapacity: items) { popular, initialized in
            for (row, count) in counts.enumerated() {
                popular[starts[Int(count)]] = Int32(row)
                starts[Int(count)] += 1
            }
            initialized = items
        }
    }
}
