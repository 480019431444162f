import Foundation
import ModelBundle
import Service
import TestSupport
import Testing

/// `GET /v1/users/{id}` against the bundle and what was sent as events.
@Suite(.timeLimit(.minutes(20))) struct UserRoutesTests {
    private struct Profile: Decodable {
        struct Genre: Decodable {
            let name: String
            let count: Int
            let share: Double
            let lift: Double?
            let meanRating: Double?
        }

        struct Decade: Decodable {
            let decade: Int
            let count: Int
            let share: Double
        }

        struct Entry: Decodable {
            let movieId: Int32
            let title: String?
            let kind: String
            let rating: Double?
            let seconds: Double?
            let occurredAt: String?
        }

        let userId: Int32
        let source: String
        let degraded: Bool
        let ratings: Int
        let meanRating: Double?
        let genres: [Genre]
        let decades: [Decade]
        let total: Int
        let requested: Int
        let returned: Int
        let offset: Int
        let nextOffset: Int?
        let history: [Entry]
    }

    /// A user's interactions, newest first, then by movie.
    private func history(of user: Int32, _ bundle: ModelBundle) -> [Interaction] {
        bundle.interactions.filter { $0.user == user }.sorted {
            ($1.timestamp, $0.item) < ($0.timestamp, $1.item)
        }
    }

    private func withService(
        keepsEvents: Bool = false, _ body: @Sendable (RunningService, LoadedDatabase) async throws -> Void
    ) async throws {
        try await StateFolder.with { state in
            try await LoadedDatabase.with(try TrainedBundle.small()) { database in
                var configuration = ServiceConfiguration(databaseURL: database.url)
                configuration.stateFolder = keepsEvents ? state.path : nil
                try await RunningService.with(configuration) { service in
                    try await service.waitUntilConnected("/v1/movies/1/similar")
                    try await body(service, database)
                }
            }
        }
    }

    @Test("a user's taste is that of the ratings, beside everybody's")
    func taste() async throws {
        try await withService { service, database in
            let bundle = database.bundle
            let items = Dictionary(uniqueKeysWithValues: bundle.items.map { ($0.id, $0) })
            for user in bundle.users.prefix(10) {
                let reply = try await service.get("/v1/users/\(user.id)")
                let profile: Profile = try reply.json()
                let rated = history(of: user.id, bundle)
                #expect(reply.headers["cache-control"] == "private, no-cache" && reply.headers["etag"] != nil)
                #expect(profile.userId == user.id && profile.source == "database" && !profile.degraded)
                #expect(profile.ratings == rated.count)
                let mean = rated.reduce(0) { $0 + Double($1.value) } / Double(rated.count)
                #expect(abs(try #require(profile.meanRating) - mean) < 1e-9)
                for genre in profile.genres {
                    let isOf = { (item: Int32) in items[item]?.tags.contains(genre.name) == true }
                    let own = rated.filter { isOf($0.item) }
                    #expect(
                        genre.count == own.count && abs(genre.share - Double(own.count) / Double(rated.count)) < 1e-9)
                    let share = Double(bundle.interactions.count { isOf($0.item) }) / Double(bundle.interactions.count)
                    #expect(abs(try #require(genre.lift) * share - genre.share) < 1e-9)
                    let mean = own.reduce(0) { $0 + Double($1.value) } / Double(own.count)
                    #expect(abs(try #require(genre.meanRating) - mean) < 1e-9)
                }
                var names: Set<String> = []
                for rating in rated { names.formUnion(items[rating.item]?.tags ?? []) }
                #expect(Set(profile.genres.map(\.name)) == names)
                #expect(profile.decades.map(\.decade) == profile.decades.map(\.decade).sorted())
                #expect(profile.decades.allSatisfy { $0.decade.isMultiple(of: 10) })
            }
        }
    }

    @Test("the pages of a history are the whole of it, newest first")
    func pages() async throws {
        try await withService { service, database in
            let user = database.bundle.users[2].id
            let wanted = history(of: user, database.bundle)
            var found: [Profile.Entry] = []
            var next: Int? = 0
            while let offset = next {
                let page: Profile = try await service.get("/v1/users/\(user)?limit=7&offset=\(offset)").json()
                #expect(page.total == wanted.count && page.returned == page.history.count && page.offset == offset)
                found += page.history
                next = page.nextOffset
            }
            #expect(found.map(\.movieId) == wanted.map(\.item))
            #expect(found.map(\.rating) == wanted.map { Double($0.value) } && found.allSatisfy { $0.kind == "rated" })
            #expect(found.allSatisfy { $0.title != nil && $0.occurredAt?.hasSuffix("Z") == true })
            let beyond: Profile = try await service.get("/v1/users/\(user)?offset=1000000").json()
            #expect(beyond.history.isEmpty && beyond.nextOffset == nil && beyond.total == wanted.count)
        }
    }

    @Test("events are in the history, and the latest rating of a movie counts")
    func events() async throws {
        try await withService(keepsEvents: true) { service, database in
            let user = database.bundle.users[0].id
            let rated = history(of: user, database.bundle)
            let again = rated[0].item
            let newcomer = 900_001
            #expect(try await service.get("/v1/users/\(newcomer)").status == 404)
            let accepted = try await service.post(
                "/v1/events",
                """
                {"events":[
                {"event_id":"a","user_id":\(user),"movie_id":\(again),"kind":"rated","value":0.5,"occurred_at":"2026-01-01T00:00:00Z"},
                {"event_id":"b","user_id":\(user),"movie_id":1,"kind":"watched","value":61,"occurred_at":"2026-01-02T00:00:00Z"},
                {"event_id":"c","user_id":\(newcomer),"movie_id":2,"kind":"viewed"}]}
                """)
            #expect(accepted.status == 202)
            try await eventually("the newcomer is known") {
                try await service.get("/v1/users/\(newcomer)").status == 200
            }
            let profile: Profile = try await service.get("/v1/users/\(user)").json()
            #expect(profile.history.prefix(2).map(\.kind) == ["watched", "rated"])
            #expect(profile.history[0].seconds == 61 && profile.history[0].rating == nil)
            #expect(profile.history[1].movieId == again && profile.history[1].rating == 0.5)
            #expect(profile.history[1].occurredAt == "2026-01-01T00:00:00Z")
            #expect(profile.ratings == rated.count && profile.total == rated.count + 2)
            let sum = rated.dropFirst().reduce(0.5) { $0 + Double($1.value) }
            #expect(abs(try #require(profile.meanRating) - sum / Double(rated.count)) < 1e-9)
            let new: Profile = try await service.get("/v1/users/\(newcomer)").json()
            #expect(new.ratings == 0 && new.meanRating == nil && new.genres.isEmpty)
            #expect(new.history.map(\.kind) == ["viewed"])
        }
    }

    @Test("without the database memory tells what it has, and says so; whom it does not know may exist")
    func outage() async throws {
        try await withService { service, database in
            let user = database.bundle.users[1].id
            let rated = history(of: user, database.bundle)
            try await database.withoutConnections {
                let reply = try await service.get("/v1/users/\(user)")
                let profile: Profile = try reply.json()
                #expect(profile.degraded && profile.source == "memory" && reply.headers["cache-control"] == "no-store")
                #expect(profile.ratings == rated.count && profile.total == rated.count && profile.meanRating != nil)
                #expect(profile.genres.allSatisfy { $0.lift != nil && $0.meanRating != nil })
                let values = Dictionary(uniqueKeysWithValues: rated.map { ($0.item, Double($0.value)) })
                #expect(profile.history.allSatisfy { $0.rating == values[$0.movieId] && $0.occurredAt == nil })
                let unknown = try await service.get("/v1/users/900001")
                #expect(unknown.status == 503 && unknown.headers["retry-after"] != nil)
            }
            try await eventually("the database is back") {
                try await !service.get("/v1/users/\(user)").json(Profile.self).degraded
            }
        }
    }

    @Test("bad parameters and unknown users are problems")
    func problems() async throws {
        try await withService { service, _ in
            for (path, status, field) in [
                ("/v1/users/0", 400, "user_id"), ("/v1/users/x", 400, "user_id"), ("/v1/users/1?limit=0", 400, "limit"),
                ("/v1/users/1?limit=101", 400, "limit"), ("/v1/users/1?offset=-1", 400, "offset"),
                ("/v1/users/1?k=1", 400, "k"), ("/v1/users/900001", 404, nil),
            ] as [(String, Int, String?)] {
                let reply = try await service.get(path)
                #expect(reply.status == status, "\(path)")
                #expect(try reply.json(ProblemBody.self).field == field, "\(path)")
            }
        }
    }
}
