import Foundation
import Kernels
import ModelBundle
import Postgres
import Service
import TestSupport
import Testing

/// `POST /v1/batch`, `/v1/search` and `/v1/predict`.
@Suite(.timeLimit(.minutes(20))) struct BatchTests {
    private struct Answers<Answer: Decodable>: Decodable {
        let answers: [Answer]
    }
    private struct Predictions: Decodable {
        struct Prediction: Decodable, Equatable {
            let userId: Int32
            let movieId: Int32
            let rating: Double
            let source: String
        }
        let generation: Int
        let predictions: [Prediction]
    }

    private func withService(
        cacheEntries: Int = 0, _ body: @Sendable (RunningService, LoadedDatabase) async throws -> Void
    ) async throws {
        try await LoadedDatabase.with(try TrainedBundle.withRatingHead()) { database in
            var configuration = ServiceConfiguration(databaseURL: database.url)
            configuration.cacheEntries = cacheEntries
            try await RunningService.with(configuration) { service in
                try await service.waitUntilConnected("/v1/movies/\(database.bundle.items[0].id)/similar")
                try await body(service, database)
            }
        }
    }

    @Test("a batch answers as its requests do by themselves, in their order", arguments: [0, 100])
    func same(cacheEntries: Int) async throws {
        try await withService(cacheEntries: cacheEntries) { service, database in
            let (items, users) = (database.bundle.items.map(\.id), database.bundle.users.map(\.id))
            let entries: [(kind: String, single: String)] = [
                (#""kind": "similar", "movie_id": \#(items[4]), "k": 5"#, "/v1/movies/\(items[4])/similar?k=5"),
                (
                    #""kind": "similar", "movie_id": \#(items[9]), "ef_search": 100"#,
                    "/v1/movies/\(items[9])/similar?ef_search=100"
                ),
                (#""kind": "recommendations", "user_id": \#(users[1])"#, "/v1/users/\(users[1])/recommendations"),
                (
                    #""kind": "recommendations", "user_id": \#(users[2]), "rerank": "model", "k": 7"#,
                    "/v1/users/\(users[2])/recommendations?rerank=model&k=7"
                ),
                (
                    #""kind": "recommendations", "user_id": \#(users[3]), "engine": "memory", "diversity": 0.4"#,
                    "/v1/users/\(users[3])/recommendations?engine=memory&diversity=0.4"
                ),
                (
                    #""kind": "similar", "movie_id": \#(items[4]), "exact": true, "k": 3"#,
                    "/v1/movies/\(items[4])/similar?exact=true&k=3"
                ),
            ]
            for _ in 0..<2 {
                let reply = try await service.post(
                    "/v1/batch", "{\"requests\": [\(entries.map { "{\($0.kind)}" }.joined(separator: ","))]}")
                #expect(reply.status == 200, "\(reply.text)")
                let answers = try reply.json(Answers<Envelope>.self).answers
                try #require(answers.count == entries.count)
                for (answer, entry) in zip(answers, entries) {
                    let single: Envelope = try await service.get(entry.single).json()
                    #expect(answer.results.map(\.movieId) == single.results.map(\.movieId), "\(entry.single)")
                    #expect(answer.rerank == single.rerank && !answer.degraded)
                }
            }
        }
    }

    @Test("what is wrong with one request of a batch is its own problem")
    func problems() async throws {
        try await withService { service, database in
            let movie = database.bundle.items[4].id
            let reply = try await service.post(
                "/v1/batch",
                """
                {"requests": [{"kind": "similar", "movie_id": 2147483647}, {"kind": "similar", "movie_id": \(movie)},
                 {"kind": "magic"}, {"kind": "similar", "movie_id": \(movie), "k": 0}, {"movie_id": 3}, 7,
                 {"kind": "similar", "movie_id": \(movie), "explain": true},
                 {"kind": "similar", "movie_id": \(movie), "x": 1}]}
                """)
            #expect(reply.status == 200)
            struct Entry: Decodable {
                let status: Int?
                let returned: Int?
            }
            let answers = try reply.json(Answers<Entry>.self).answers
            #expect(answers.map(\.status) == [404, nil, 400, 400, 400, 400, 400, 400], "\(reply.text)")
            #expect(answers[1].returned == 10)
            for body in [#"{"requests": []}"#, #"{"requests": 3}"#, "{}", #"{"requests": [], "x": 1}"#] {
                #expect(try await service.post("/v1/batch", body).status == 400, "\(body)")
            }
        }
    }

    @Test("a raw vector finds what the item or the user that it is of finds")
    func vectors() async throws {
        try await withService { service, database in
            let bundle = database.bundle
            let (item, user) = (6, 5)
            func body(_ space: String, _ vector: some Sequence<Float>, _ more: String) -> String {
                "{\"space\": \"\(space)\", \"vector\": [\(vector.map { "\($0)" }.joined(separator: ","))]\(more)}"
            }
            let own = bundle.items[item].id
            for engine in ["memory", "pgvector"] {
                let similar: Envelope = try await service.get("/v1/movies/\(own)/similar?engine=\(engine)&exact=true")
                    .json()
                let found: Envelope = try await service.post(
                    "/v1/search",
                    body(
                        "similarity", bundle.similarity[item],
                        ", \"exclude\": [\(own)], \"exact\": true, \"engine\": \"\(engine)\"")
                ).json()
                #expect(found.results.map(\.movieId) == similar.results.map(\.movieId))
                for (left, right) in zip(found.results, similar.results) {
                    #expect(abs((left.score ?? 0) - (right.score ?? 1)) < 1e-5)
                }
            }
            let recommended: Envelope = try await service.get(
                "/v1/users/\(bundle.users[user].id)/recommendations?engine=memory&seen=include"
            ).json()
            let found: Envelope = try await service.post(
                "/v1/search", body("recommendation", bundle.userVectors[user], ", \"engine\": \"memory\"")
            ).json()
            #expect(found.results.map(\.movieId) == recommended.results.map(\.movieId))
            let cases: [(String, String)] = [
                (body("similarity", [1, 2], ""), "vector"), (body("taste", [1], ""), "space"),
                (#"{"space": "similarity", "vector": [1e300]}"#, "vector[0]"), (#"{"space": "similarity"}"#, "vector"),
                (#"{"space": "similarity", "vector": [1], "seen": "include"}"#, "seen"),
            ]
            for (body, field) in cases {
                let reply = try await service.post("/v1/search", body)
                #expect(reply.status == 400)
                #expect(try reply.json(ProblemBody.self).field == field, "\(reply.text)")
            }
        }
    }

    @Test("predicted ratings are the predictor's over the bundle, and who is unknown gets everybody's")
    func predictions() async throws {
        try await withService { service, database in
            let bundle = database.bundle
            let predictor = try #require(RatingPredictor(bundle))
            let rows = Dictionary(uniqueKeysWithValues: zip(bundle.items.map(\.id), bundle.items.indices))
            var random = SystemRandomNumberGenerator()
            let asked = (0..<100).map { _ in
                (
                    user: bundle.users.randomElement(using: &random)!,
                    item: bundle.items.randomElement(using: &random)!.id
                )
            }
            let pairs = asked.map { #"{"user_id": \#($0.user.id), "movie_id": \#($0.item)}"# }.joined(separator: ",")
            let answer: Predictions = try await service.post("/v1/predict", #"{"pairs": [\#(pairs)]}"#).json()
            try #require(answer.predictions.count == asked.count)
            for (found, pair) in zip(answer.predictions, asked) {
                let history = bundle.interactions.filter { $0.user == pair.user.id }.sorted { $0.item < $1.item }
                    .map { RatingPredictor.Rated(row: rows[$0.item]!, value: $0.value) }
                let profile = predictor.profile(history, attributes: pair.user.attributes)
                let expected = predictor.predict(profile, item: rows[pair.item]!)
                #expect(found.userId == pair.user.id && found.movieId == pair.item && found.source == "user")
                #expect(abs(found.rating - expected) < 1e-9)
            }
            let unknown: Predictions = try await service.post(
                "/v1/predict", #"{"pairs": [{"user_id": 2147483647, "movie_id": \#(bundle.items[0].id)}]}"#
            ).json()
            #expect(unknown.predictions.map(\.source) == ["everybody"])
            let missing = try await service.post(
                "/v1/predict", #"{"pairs": [{"user_id": 1, "movie_id": 2147483647}]}"#)
            #expect(missing.status == 400)
            #expect(try missing.json(ProblemBody.self).field == "pairs[0].movie_id")
        }
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) { service in
                let movie = database.bundle.items[0].id
                let reply = try await service.post(
                    "/v1/predict", #"{"pairs": [{"user_id": 1, "movie_id": \#(movie)}]}"#)
                #expect(reply.status == 409 && reply.text.contains("/problems/no-predictions"))
            }
        }
    }
}
