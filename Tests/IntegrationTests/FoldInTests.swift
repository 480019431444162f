import Foundation
import Kernels
import ModelBundle
import Postgres
import Retrieval
import Service
import TestSupport
import Testing

/// Recommendations for tastes that no training has seen: `POST /v1/recommendations` and recent events.
@Suite(.timeLimit(.minutes(20))) struct FoldInTests {
    private func withService(
        state: StateFolder? = nil, _ body: @Sendable (RunningService, LoadedDatabase) async throws -> Void
    ) async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            try await RunningService.with(Self.configuration(database, state)) { try await body($0, database) }
        }
    }

    private static func configuration(_ database: LoadedDatabase, _ state: StateFolder?) -> ServiceConfiguration {
        var configuration = ServiceConfiguration(databaseURL: database.url)
        configuration.stateFolder = state?.path
        return configuration
    }

    /// The oracle: the bundle's encoder, then every inner product in double precision.
    private static func expected(
        _ bundle: ModelBundle, _ history: [Int32: Double], count: Int, among allowed: (Int32) -> Bool = { _ in true }
    ) throws -> [Int32] {
        let rows = Dictionary(uniqueKeysWithValues: zip(bundle.items.map(\.id), bundle.items.indices))
        let entries = history.sorted { $0.key < $1.key }.map {
            UserEncoder.Entry(row: rows[$0.key]!, weight: $0.value)
        }
        let vector = try #require(UserEncoder(bundle).encode(entries))
        let cold = Set(bundle.coldItems)
        let products = bundle.items.indices.map { row in
            zip(vector, bundle.itemVectors[row]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        }
        return bundle.items.indices
            .filter { row in
                let id = bundle.items[row].id
                return history[id] == nil && !cold.contains(id) && allowed(id)
            }
            .sorted { (-products[$0], $0) < (-products[$1], $1) }
            .prefix(count).map { bundle.items[$0].id }
    }

    @Test("a user's stored vector is the one that is computed from the history")
    func recomputed() async throws {
        try await withService { service, database in
            let bundle = database.bundle
            for user in bundle.users.prefix(20) {
                let ratings = bundle.interactions.filter { $0.user == user.id }
                let said = ratings.map { #"{"movie_id": \#($0.item), "rating": \#($0.value)}"# }.joined(separator: ",")
                let folded: Envelope = try await service.post(
                    "/v1/recommendations", #"{"ratings": [\#(said)], "engine": "memory", "k": 20}"#
                ).json()
                let known: Envelope = try await service.get(
                    "/v1/users/\(user.id)/recommendations?engine=memory&k=20"
                ).json()
                #expect(folded.results.map(\.movieId) == known.results.map(\.movieId), "user \(user.id)")
            }
        }
    }

    @Test("likes, dislikes and ratings give what brute force over the model gives, from every engine")
    func foldIn() async throws {
        try await withService { service, database in
            let items = database.bundle.items.filter { !database.bundle.coldItems.contains($0.id) }.map(\.id)
            let (liked, disliked, rated) = (items[3], items[10], items[25])
            let history = [
                liked: UserEncoder.weight(rating: 5), disliked: -0.25, rated: UserEncoder.weight(rating: 2),
            ]
            let exact = try Self.expected(database.bundle, history, count: 10)
            for engine in ["pgvector", "memory", "auto"] {
                let reply = try await service.post(
                    "/v1/recommendations",
                    """
                    {"liked": [\(liked)], "disliked": [\(disliked)], "engine": "\(engine)", "exact": \(engine != "memory"),
                     "ratings": [{"movie_id": \(rated), "rating": 2}]}
                    """)
                #expect(reply.status == 200 && reply.headers["cache-control"] == "no-store")
                let answer: Envelope = try reply.json()
                #expect(answer.results.map(\.movieId) == exact, "\(engine)")
                #expect(answer.requested == 10 && !answer.degraded)
                #expect(answer.results.allSatisfy { $0.source == "vector" })
            }
        }
    }

    @Test("filters, exclusions and k hold as for lists")
    func filtered() async throws {
        try await withService { service, database in
            let bundle = database.bundle
            let liked = bundle.items.first { !bundle.coldItems.contains($0.id) }!.id
            let tag = bundle.items[7].tags[0]
            let left = bundle.items[9].id
            let tagged = Set(bundle.items.filter { $0.tags.contains(tag) }.map(\.id)).subtracting([left])
            let exact = try Self.expected(
                bundle, [liked: UserEncoder.weight(rating: 5)], count: 7, among: tagged.contains)
            let answer: Envelope = try await service.post(
                "/v1/recommendations",
                #"{"liked": [\#(liked)], "genre": ["\#(tag)"], "exclude": [\#(left)], "k": 7, "engine": "memory"}"#
            ).json()
            #expect(answer.results.map(\.movieId) == exact)
        }
    }

    @Test("who is unknown gets what is popular within the filters, and each result says so")
    func unknown() async throws {
        try await withService { service, database in
            let bundle = database.bundle
            let counts = bundle.interactions.reduce(into: [Int32: Int]()) { $0[$1.item, default: 0] += 1 }
            let tag = bundle.items[7].tags[0]
            let popular = bundle.items.filter { $0.tags.contains(tag) }.map(\.id)
                .sorted { (-(counts[$0] ?? 0), $0) < (-(counts[$1] ?? 0), $1) }
            let query = "genre=\(tag.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!)&k=5"
            let replies = [
                try await service.get("/v1/users/2147483647/recommendations?\(query)"),
                try await service.post("/v1/recommendations", #"{"genre": ["\#(tag)"], "k": 5}"#),
                try await service.post("/v1/recommendations", #"{"session": "new", "genre": ["\#(tag)"], "k": 5}"#),
            ]
            for reply in replies {
                #expect(reply.status == 200)
                let answer: Envelope = try reply.json()
                #expect(answer.results.map(\.movieId) == Array(popular.prefix(5)))
                #expect(answer.results.allSatisfy { $0.source == "popular" && $0.distance == nil })
            }
        }
    }

    @Test("what is wrong with a body is a problem that names the field")
    func problems() async throws {
        let cases: [(body: String, field: String?)] = [
            ("", "body"), ("[]", "body"), (#"{"liked": 3}"#, "liked"), (#"{"liked": ["3"]}"#, "liked[0]"),
            (#"{"liked": [2147483647]}"#, "liked[0]"), (#"{"disliked": [1.5]}"#, "disliked"),
            (#"{"liked": [1], "disliked": [2, 1]}"#, "disliked[1]"), (#"{"likes": [1]}"#, "likes"),
            (#"{"ratings": [{"movie_id": 1, "rating": 6}]}"#, "ratings[0].rating"),
            (#"{"ratings": [{"movie_id": 1}]}"#, "ratings[0].rating"),
            (#"{"ratings": [{"movie_id": 1, "rating": 3, "at": 1}]}"#, "ratings[0].at"),
            (#"{"user_id": 0}"#, "user_id"), (#"{"user_id": 1, "session": "a"}"#, "session"),
            (#"{"session": ""}"#, "session"), (#"{"k": 0}"#, "k"), (#"{"k": "10"}"#, "k"), (#"{"k": 1.5}"#, "k"),
            (#"{"exact": "true"}"#, "exact"), (#"{"genre": "Drama"}"#, "genre"), (#"{"genre": [3]}"#, "genre"),
            (#"{"engine": true}"#, "engine"), (#"{"rerank": "model"}"#, "rerank"), (#"{"exclude": [0]}"#, "exclude"),
            (#"{"diversity": 2}"#, "diversity"), (#"{"k": 1e300}"#, "k"),
        ]
        try await withService { service, _ in
            for (body, field) in cases {
                let reply = try await service.post("/v1/recommendations", body)
                #expect(reply.status == 400, "\(body)")
                #expect(try reply.json(ProblemBody.self).field == field, "\(body): \(reply.text)")
            }
            let type = try await service.post("/v1/recommendations", "{}", headers: ["Content-Type": "text/plain"])
            #expect(type.status == 415)
            let large = "{\"liked\": [" + Array(repeating: "1", count: 200_000).joined(separator: ",") + "]}"
            #expect(try await service.post("/v1/recommendations", large).status == 413)
        }
    }

    @Test("an event changes the very next recommendation, and what was seen leaves the list")
    func events() async throws {
        try await StateFolder.with { state in
            try await withService(state: state) { service, database in
                let bundle = database.bundle
                let user = bundle.users[4].id
                let path = "/v1/users/\(user)/recommendations?engine=memory"
                // Twice, so that it is in the cache.
                _ = try await service.get(path)
                let before: Envelope = try await service.get(path).json()
                #expect(before.source == "cache")
                let (seen, disliked) = (before.results[0].movieId, before.results[1].movieId)
                try await Self.send(service, "1", #""user_id": \#(user)"#, seen, #""watched", "value": 5400"#)
                try await Self.send(service, "2", #""user_id": \#(user)"#, disliked, #""rated", "value": 1"#)
                let after: Envelope = try await service.get(path).json()
                var history = Dictionary(
                    uniqueKeysWithValues: bundle.interactions.filter { $0.user == user }
                        .map { ($0.item, UserEncoder.weight(rating: $0.value)) })
                history[seen] = 1
                history[disliked] = UserEncoder.weight(rating: 1)
                #expect(after.results.map(\.movieId) == (try Self.expected(bundle, history, count: 10)))
                // An anonymous session, by what it has done and what it says.
                let (met, liked) = (bundle.items[12].id, bundle.items[30].id)
                try await Self.send(service, "3", #""session": "s-1""#, met, #""viewed""#)
                let anonymous: Envelope = try await service.post(
                    "/v1/recommendations", #"{"session": "s-1", "liked": [\#(liked)], "engine": "memory"}"#
                ).json()
                #expect(
                    anonymous.results.map(\.movieId)
                        == (try Self.expected(
                            bundle, [met: 1, liked: UserEncoder.weight(rating: 5)], count: 10)))
                // Another service hears of it from the database; so does one that starts later.
                try await eventually("the events are stored") {
                    try await TestServer.connect(database.url).query("SELECT count(*) FROM kindred.events")
                        .int64(0, 0) == 3
                }
                try await RunningService.with(Self.configuration(database, nil)) { other in
                    let found: Envelope = try await other.get(path).json()
                    #expect(found.results.map(\.movieId) == after.results.map(\.movieId))
                    try await Self.send(service, "4", #""user_id": \#(user)"#, after.results[0].movieId, #""viewed""#)
                    try await eventually("the other service knows of the event") {
                        let found: Envelope = try await other.get(path).json()
                        return !found.results.map(\.movieId).contains(after.results[0].movieId)
                    }
                }
            }
        }
    }

    private static func send(
        _ service: RunningService, _ id: String, _ who: String, _ movie: Int32, _ what: String
    ) async throws {
        let reply = try await service.post(
            "/v1/events", #"{"event_id": "\#(id)", \#(who), "movie_id": \#(movie), "kind": \#(what)}"#)
        #expect(reply.status == 202, "\(reply.text)")
    }

    @Test("diverse results are the first choice and then less alike, from the nearest four times k")
    func diversity() async throws {
        try await withService { service, database in
            let path = "/v1/users/\(database.bundle.users[2].id)/recommendations?engine=memory"
            let nearest: Envelope = try await service.get("\(path)&k=40").json()
            let plain: Envelope = try await service.get("\(path)&k=10").json()
            let none: Envelope = try await service.get("\(path)&k=10&diversity=0").json()
            #expect(none.results.map(\.movieId) == plain.results.map(\.movieId))
            var likeness = try Self.likeness(plain, database.bundle)
            for diversity in [0.5, 1] {
                let diverse: Envelope = try await service.get("\(path)&k=10&diversity=\(diversity)").json()
                #expect(diverse.returned == 10 && diverse.requested == 10)
                #expect(Set(diverse.results.map(\.movieId)).isSubset(of: nearest.results.map(\.movieId)))
                #expect(diverse.results.first?.movieId == plain.results.first?.movieId)
                let found = try Self.likeness(diverse, database.bundle)
                #expect(found < likeness, "diversity \(diversity)")
                likeness = found
            }
        }
    }

    /// The mean cosine of an answer's pairs.
    private static func likeness(_ answer: Envelope, _ bundle: ModelBundle) throws -> Double {
        let rows = try answer.results.map { result in
            try #require(bundle.items.firstIndex { $0.id == result.movieId })
        }
        var sum = 0.0
        for first in rows {
            for second in rows where second != first {
                sum += zip(bundle.similarity[first], bundle.similarity[second]).reduce(0) {
                    $0 + Double($1.0) * Double($1.1)
                }
            }
        }
        return sum / Double(rows.count * (rows.count - 1))
    }
}
