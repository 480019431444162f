import Loading
import ModelBundle
import Retrieval
import Schema
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
                    let answer = try await retriever.answer(
                        .init(.similar, of: database.bundle.items[row].id, count: 10), deadline: soon())
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
                    let answer = try await retriever.answer(
                        .init(.recommendations, of: user.id, count: 100), deadline: soon())
                    let ids = answer.results.map(\.item.id)
                    #expect(ids.count == 100 && Set(ids).count == 100, "user \(user.id)")
                    #expect(seen[user.id, default: []].isDisjoint(with: ids), "user \(user.id)")
                    let distances = answer.results.compactMap(\.distance)
                    #expect(distances == distances.sorted(), "user \(user.id)")
                }
            }
        }
    }

    @Test(
        "exact ranking of enough candidates mends what an index of a smaller type loses",
        arguments: [(VectorStorage.halfvec, IndexKind.hnsw), (.bit, .hnsw), (.bit, .ivfflat)])
    func storage(storage: VectorStorage, index: IndexKind) async throws {
        let published = try await TrainedBundle.published()
        try await LoadedDatabase.with(published.bundle, index: index, storage: storage) { database in
            let oracle = BruteForce(database.bundle)
            let absent = Set(database.bundle.itemsWithoutSimilarity)
            let rows = database.bundle.items.indices.filter { !absent.contains(database.bundle.items[$0].id) }
            try await database.withRetriever(session: ["SET enable_seqscan = off", "SET enable_sort = off"]) {
                retriever, pool in
                func recall(_ oversampling: Int?) async throws -> Double {
                    var options = SearchOptions()
                    options.oversampling = oversampling
                    var (found, wanted) = (0, 0)
                    for row in stride(from: 0, to: rows.count, by: 3).map({ rows[$0] }) {
                        let answer = try await retriever.answer(
                            .init(.similar, of: database.bundle.items[row].id, count: 10, options: options),
                            deadline: soon())
                        #expect(answer.source == .pgvector)
                        let exact = Set(oracle.similar(itemRow: row, count: 10))
                        found += answer.results.count { exact.contains($0.item.id) }
                        wanted += exact.count
                    }
                    return Double(found) / Double(wanted)
                }
                let (single, standard) = (try await recall(1), try await recall(nil))
                let query =
                    storage == .bit
                    ? "B'\(String(repeating: "01", count: 32))'"
                    : "'[\(Array(repeating: "0.125", count: 64).joined(separator: ","))]'"
                let plan = try await pool.planOfPreparedStatement(query)
                #expect(plan.contains("Index Scan using item_vectors_g1_"), "\(plan)")
                if index == .hnsw { #expect(standard >= 0.95, "recall@10 of \(storage) is \(standard)") }
                if storage == .bit { #expect(standard > single + 0.2, "\(single) became \(standard)") }
            }
        }
    }
}
