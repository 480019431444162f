import ModelBundle
import Postgres
import Retrieval
import Service
import TestSupport
import Testing
import Training

/// `rerank=model` over HTTP is the re-rank that training measured.
@Suite struct ModelRerankTests {
    private func withService(
        _ bundle: ModelBundle, _ body: @Sendable (RunningService, LoadedDatabase) async throws -> Void
    ) async throws {
        try await LoadedDatabase.with(bundle) { database in
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) { service in
                try await body(service, database)
            }
        }
    }

    @Test("the order is the one that training computes from the bundle, from any engine, for every user")
    func order() async throws {
        try await withService(try await TrainedBundle.withRatingHead()) { service, database in
            let expectations = try RerankExpectation.all(database.bundle)
            #expect(expectations.contains { $0.candidates.count == RatingPredictor.rerankedItems })
            var moved = 0
            for expected in expectations {
                let path = "/v1/users/\(expected.user)/recommendations?k=100"
                for choice in ["exact=true", "engine=memory"] {
                    let reply: Envelope = try await service.get("\(path)&rerank=model&\(choice)").json()
                    #expect(reply.rerank == "model" && reply.requested == 100 && reply.returned == 100)
                    #expect(
                        reply.results.map(\.movieId) == expected.candidates.prefix(100).map(\.id),
                        "user \(expected.user), \(choice)")
                    #expect(
                        reply.results.map(\.predictedRating) == expected.candidates.prefix(100).map(\.rating),
                        "user \(expected.user), \(choice)")
                }
                let nearest: Envelope = try await service.get("\(path)&exact=true").json()
                #expect(nearest.rerank == nil && nearest.results.allSatisfy { $0.predictedRating == nil })
                if nearest.results.map(\.movieId) != expected.candidates.prefix(100).map(\.id) { moved += 1 }
            }
            #expect(moved == expectations.count, "the re-rank changes the order of such a list")
        }
    }

    @Test("an index's candidates are re-ranked too; distance and score stay those of the vectors")
    func indexed() async throws {
        try await withService(try await TrainedBundle.withRatingHead()) { service, database in
            for user in database.bundle.users.prefix(20) {
                let path = "/v1/users/\(user.id)/recommendations"
                let reply: Envelope = try await service.get("\(path)?rerank=model").json()
                #expect(reply.source == "pgvector" && reply.returned == 10)
                let all: Envelope = try await service.get("\(path)?k=100&engine=memory").json()
                let distances = Dictionary(uniqueKeysWithValues: all.results.map { ($0.movieId, $0) })
                for result in reply.results {
                    #expect((1...5).contains(try #require(result.predictedRating)))
                    guard let same = distances[result.movieId] else { continue }
                    #expect(result.distance == same.distance && result.score == same.score)
                }
                let cached: Envelope = try await service.get("\(path)?rerank=model").json()
                #expect(cached.source == "cache" && cached.results.map(\.movieId) == reply.results.map(\.movieId))
                let standard: Envelope = try await service.get(path).json()
                #expect(standard.rerank == nil && standard.source == "pgvector")
            }
            #expect(
                try await service.get("/metrics").text.contains(
                    #"kindred_stage_duration_seconds_count{route="recommendations",stage="model"} 20"#))
        }
    }

    @Test("where it has no meaning it is refused with the reason")
    func refusals() async throws {
        try await withService(try TrainedBundle.small()) { service, _ in
            let cases = [
                ("/v1/users/1/recommendations?rerank=model", "generation 1 has none"),
                ("/v1/movies/1/similar?rerank=model", "here is no user"),
            ]
            for (path, reason) in cases {
                let reply = try await service.get(path)
                let problem: ProblemBody = try reply.json()
                #expect(reply.status == 400 && problem.field == "rerank", "\(path)")
                #expect(problem.detail.contains(reason), "\(problem.detail)")
            }
        }
    }

    @Test("a user without a vector gets what is popular, which nothing has re-ranked")
    func popular() async throws {
        try await LoadedDatabase.with(try await TrainedBundle.withRatingHead()) { database in
            let connection = try await TestServer.connect(database.url)
            try await connection.execute("UPDATE kindred.user_vectors_g1 SET embedding = NULL WHERE user_id = 1")
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) { service in
                let reply: Envelope = try await service.get("/v1/users/1/recommendations?rerank=model").json()
                #expect(reply.rerank == nil && reply.returned == 10)
                #expect(reply.results.allSatisfy { $0.source == "popular" && $0.predictedRating == nil })
            }
        }
    }

    @Test("while the database is away memory's candidates are re-ranked the same")
    func outage() async throws {
        try await withService(try await TrainedBundle.withRatingHead()) { service, database in
            let name = try #require(database.url.split(separator: "/").last?.split(separator: "?").first)
            try await TestServer.administer("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
            try await TestServer.administer(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '\(name)'")
            for expected in try RerankExpectation.all(database.bundle).prefix(10) {
                let reply: Envelope = try await service.get(
                    "/v1/users/\(expected.user)/recommendations?rerank=model"
                ).json()
                #expect(reply.degraded && reply.source == "memory" && reply.rerank == "model")
                #expect(reply.results.map(\.movieId) == expected.candidates.prefix(10).map(\.id))
            }
        }
    }

    @Test("a damaged head stops the start with what is wrong")
    func damaged() async throws {
        try await LoadedDatabase.with(try await TrainedBundle.withRatingHead()) { database in
            let connection = try await TestServer.connect(database.url)
            try await connection.execute("UPDATE kindred.rating_heads SET neighbors = set_byte(neighbors, 4, 77)")
            await #expect {
                try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) { _ in }
            } throws: { error in
                guard case RetrievalError.badRatingHead(1, let reason) = error else { return false }
                return reason.hasPrefix("rating_neighbors.bin: sha256 is ")
            }
        }
    }
}
