import Loading
import ModelBundle
import Retrieval
import TestSupport
import Testing

/// Approximate answers against exact ones, with the plan that gave them.
@Suite(.enabled(if: TrainedBundle.isPublishedAvailable, "needs MOVIELENS_100K and KINDRED_SPLITS"))
struct RecallTests {
    @Test(
        "the index is used and finds the neighbours",
        arguments: [(IndexKind.hnsw, 0.99), (IndexKind.ivfflat, 0.85)])
    func recall(index: IndexKind, least: Double) async throws {
        let published = try await TrainedBundle.published()
        try await LoadedDatabase.with(published.bundle, index: index) { database in
            let oracle = BruteForce(database.bundle)
            let absent = Set(database.bundle.itemsWithoutSimilarity)
            let rows = database.bundle.items.indices.filter { !absent.contains(database.bundle.items[$0].id) }
            // The planner may rightly prefer a sequential scan of so small a table; here the index is measured.
            let session = ["SET enable_seqscan = off", "SET enable_sort = off"]
            try await database.withRetriever(session: session) { retriever, pool in
                var (found, wanted) = (0, 0)
                for row in rows {
                    let answer = try await retriever.similar(
                        to: database.bundle.items[row].id, count: 10, deadline: soon())
                    let exact = Set(oracle.similar(itemRow: row, count: 10))
                    #expect(answer.results.count == 10)
                    found += answer.results.count { exact.contains($0.item.id) }
                    wanted += exact.count
                }
                let vector = "'[\(Array(repeating: "0.125", count: 64).joined(separator: ","))]'"
                let plan = try await pool.planOfPreparedStatement(vector)
                #expect(plan.contains("Index Scan using item_vectors_g1_similarity_idx"), "\(plan)")
                let recall = Double(found) / Double(wanted)
                #expect(recall >= least, "recall@10 of \(index) is \(recall)")
            }
        }
    }

    @Test("no user comes out short, however much the user has seen", arguments: [IndexKind.hnsw, .ivfflat, .none])
    func noShortfall(index: IndexKind) async throws {
        let published = try await TrainedBundle.published()
        try await LoadedDatabase.with(published.bundle, index: index) { database in
            let seen = Dictionary(grouping: published.bundle.interactions, by: \.user)
                .mapValues { Set($0.map(\.item)) }
            try await database.withRetriever { retriever, _ in
                for user in database.bundle.users {
                    let answer = try await retriever.recommendations(for: user.id, count: 100, deadline: soon())
                    let ids = answer.results.map(\.item.id)
                    #expect(ids.count == 100 && Set(ids).count == 100, "user \(user.id)")
                    #expect(seen[user.id, default: []].isDisjoint(with: ids), "user \(user.id)")
                    let distances = answer.results.compactMap(\.distance)
                    #expect(distances == distances.sorted(), "user \(user.id)")
                }
            }
        }
    }
}
