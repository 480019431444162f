import Foundation
import ModelBundle
import Postgres
import Retrieval
import Service
import TestSupport
import Testing

/// The order of `<->` in SQL is the model's; HTTP returns what the SQL functions return.
@Suite(.enabled(if: TrainedBundle.isPublishedAvailable, "needs MOVIELENS_100K and KINDRED_SPLITS"))
struct MetricContractTests {
    private static let exact = ["SET enable_indexscan = off"]

    @Test("on an exact plan every user's top 10 is the model's, and the published split is met")
    func exactRecommendations() async throws {
        let published = try await TrainedBundle.published()
        try await LoadedDatabase.with(published.bundle) { database in
            let oracle = BruteForce(database.bundle)
            let exact = try await database.withRetriever(session: Self.exact) { retriever, pool in
                var answers: [Int32: [Int32]] = [:]
                for (row, user) in database.bundle.users.enumerated() {
                    let answer = try await retriever.answer(
                        .init(.recommendations, of: user.id, count: 10), deadline: soon())
                    #expect(answer.source == .pgvector)
                    let ids = answer.results.map(\.item.id)
                    #expect(ids == oracle.recommendations(userRow: row, count: 10), "user \(user.id)")
                    answers[user.id] = ids
                }
                let vector = "'[\(Array(repeating: "0.1", count: 64).joined(separator: ","))]'"
                let plan = try await pool.planOfPreparedStatement("\(vector), '{1,2}'")
                #expect(plan.contains("Seq Scan"), "\(plan)")
                let value = ndcg(answers, test: published.test)
                #expect(value >= 0.505, "nDCG@10 \(value)")
                return value
            }
            // As served: the index's answers may cost no more than .002 of it.
            try await database.withRetriever { retriever, _ in
                var answers: [Int32: [Int32]] = [:]
                for user in database.bundle.users {
                    let answer = try await retriever.answer(
                        .init(.recommendations, of: user.id, count: 10), deadline: soon())
                    #expect(answer.results.count == 10, "user \(user.id)")
                    answers[user.id] = answer.results.map(\.item.id)
                }
                let value = ndcg(answers, test: published.test)
                #expect(exact - value <= 0.002, "nDCG@10 as served \(value), exact \(exact)")
            }
        }
    }

    @Test("on an exact plan every movie's neighbours are the model's")
    func exactSimilar() async throws {
        let published = try await TrainedBundle.published()
        try await LoadedDatabase.with(published.bundle) { database in
            let oracle = BruteForce(database.bundle)
            let absent = Set(database.bundle.itemsWithoutSimilarity)
            try await database.withRetriever(session: Self.exact) { retriever, _ in
                for (row, item) in database.bundle.items.enumerated() where !absent.contains(item.id) {
                    let answer = try await retriever.answer(
                        .init(.similar, of: item.id, count: 10), deadline: soon())
                    let expected = oracle.similar(itemRow: row, count: 10)
                    #expect(answer.results.map(\.item.id) == expected, "movie \(item.id)")
                }
            }
        }
    }

    @Test("HTTP returns the ids of the SQL functions, in their order, for every movie and user")
    func httpIsSQL() async throws {
        let published = try await TrainedBundle.published()
        try await LoadedDatabase.with(published.bundle) { database in
            let configuration = ServiceConfiguration(databaseURL: database.url)
            try await RunningService.with(configuration) { service in
                let sql = try await TestServer.connect(
                    database.url, session: configuration.search.sessionStatements)
                for item in database.bundle.items {
                    let reply: Envelope = try await service.get("/v1/movies/\(item.id)/similar?k=10").json()
                    let rows = try await ids(sql, "SELECT movie_id FROM kindred.similar_movies($1, 10)", item.id)
                    #expect(reply.results.map(\.movieId) == rows, "movie \(item.id)")
                    #expect(reply.source == "pgvector" && !reply.degraded)
                }
                // Released again in 1996; of 1976 for both.
                #expect(try await service.get("/v1/movies/23").text.contains("\"year\":1976"))
                let year = try await sql.query("SELECT year FROM kindred.movies WHERE title = 'Taxi Driver (1976)'")
                #expect(try year.int32(0, 0) == 1976)
                for user in database.bundle.users {
                    let reply: Envelope = try await service.get("/v1/users/\(user.id)/recommendations?k=10").json()
                    let rows = try await ids(sql, "SELECT movie_id FROM kindred.recommend($1, 10)", user.id)
                    #expect(reply.results.map(\.movieId) == rows, "user \(user.id)")
                }
            }
        }
    }

    private func ids(_ connection: Connection, _ query: String, _ id: Int32) async throws -> [Int32] {
        let result = try await connection.query(Statement(query, query + " ORDER BY rank"), [.int32(id)])
        return try (0..<result.rowCount).map { try result.int32($0, 0) }
    }
}
