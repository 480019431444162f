import Foundation
import ModelBundle
import Postgres
import Retrieval
import Service
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct ErasureTests {
    private static let admin = "admin-0123456789abcdef"
    private static let asAdmin = ["Authorization": "Bearer \(admin)"]

    private struct Outcome: Decodable {
        struct Removed: Decodable {
            let events: Int
            let interactions: Int
            let vectors: Int
            let users: Int
            let rejectedEvents: Int
        }

        let userId: Int
        let removed: Removed
        let inMemory: Bool
    }

    private static func configuration(_ url: String, _ state: StateFolder? = nil) -> ServiceConfiguration {
        var configuration = ServiceConfiguration(databaseURL: url)
        configuration.stateFolder = state?.path
        configuration.access.adminKey = admin
        return configuration
    }

    private static func events(_ ids: [String], of user: Int32, on movie: Int32) -> String {
        let events = ids.map { #"{"event_id":"\#($0)","user_id":\#(user),"movie_id":\#(movie),"kind":"viewed"}"# }
        return #"{"events":[\#(events.joined(separator: ","))]}"#
    }

    /// Whether the list is what everybody gets of whom nothing is known: neither a vector nor an event.
    private static func isUnknown(_ list: String, to service: RunningService) async throws -> Bool {
        let answer: Envelope = try await service.get(list).json()
        return answer.results.allSatisfy { $0.source == "popular" }
    }

    private static func count(_ sql: String, _ url: String) async throws -> Int64 {
        try await TestServer.connect(url).query("SELECT count(*) FROM \(sql)").int64(0, 0)
    }

    @Test("an erased user is gone from the database, from memory, the cache and the state folder; nobody else is")
    func erased() async throws {
        try await StateFolder.with { state in
            try await LoadedDatabase.with(try TrainedBundle.small()) { database in
                let (url, movie) = (database.url, database.bundle.items[0].id)
                let (user, other) = (database.bundle.users[0].id, database.bundle.users[1].id)
                try await RunningService.with(Self.configuration(url, state)) { service in
                    #expect(
                        try await service.post("/v1/events", Self.events(["a", "b"], of: user, on: movie)).status == 202
                    )
                    #expect(
                        try await service.post("/v1/events", Self.events(["c"], of: other, on: movie)).status == 202)
                    try await eventually("the events are stored") {
                        try await Self.count("kindred.events", url) == 3
                    }
                    let line = #"{"event":{"catalogue_id":1,"event_id":"x","user_id":\#(user)},"reason":"r"}"#
                    let kept = line.replacing(#""user_id":\#(user)"#, with: #""user_id":\#(other)"#)
                    try "\(line)\n\(kept)\n".write(toFile: state.rejected, atomically: true, encoding: .utf8)
                    let list = "/v1/users/\(user)/recommendations"
                    let memory = list + "?engine=memory"
                    // Kept in the cache from now on.
                    for path in [list, memory] { #expect(try await service.get(path).status == 200) }
                    let interactions = try await Self.count("kindred.interactions WHERE user_id = \(user)", url)

                    let reply = try await service.delete("/v1/users/\(user)", headers: Self.asAdmin)
                    #expect(reply.status == 200 && reply.headers["cache-control"] == "no-store")
                    let outcome: Outcome = try reply.json()
                    #expect(outcome.userId == Int(user) && !outcome.inMemory)
                    #expect(outcome.removed.events == 2 && outcome.removed.interactions == Int(interactions))
                    #expect(outcome.removed.vectors == 1 && outcome.removed.users == 1)
                    #expect(outcome.removed.rejectedEvents == 1)

                    for path in [list, memory, list + "?ef_search=50"] {
                        #expect(try await Self.isUnknown(path, to: service), "\(path)")
                    }
                    #expect(try await service.get("/v1/users/\(user)").status == 404)
                    #expect(try await service.get("/v1/users/\(other)/recommendations").status == 200)
                    for table in ["events", "interactions", "user_vectors_g1"] {
                        #expect(try await Self.count("kindred.\(table) WHERE user_id = \(user)", url) == 0, "\(table)")
                        #expect(try await Self.count("kindred.\(table) WHERE user_id = \(other)", url) > 0, "\(table)")
                    }
                    #expect(try String(contentsOfFile: state.rejected, encoding: .utf8) == kept + "\n")
                    let file = SnapshotFile(folder: state.path, catalogue: "movies")
                    try await eventually("the snapshot on the disk has one user fewer") {
                        (try? file.read())?.userCount == database.bundle.users.count - 1
                    }
                    try await eventually("the journal's segments with the user's events are gone") {
                        try FileManager.default.contentsOfDirectory(atPath: state.path + "/events").allSatisfy { name in
                            // One that goes meanwhile is gone.
                            let bytes = FileManager.default.contents(atPath: state.path + "/events/" + name) ?? Data()
                            return !String(decoding: bytes, as: UTF8.self).contains(#""user_id":\#(user)}"#)
                        }
                    }

                    // Again is no mistake.
                    let again: Outcome = try await service.delete("/v1/users/\(user)", headers: Self.asAdmin).json()
                    #expect(again.removed.events == 0 && again.removed.users == 0 && !again.inMemory)
                }
            }
        }
    }

    @Test("events that wait in another service's journal do not bring the user back, and that service forgets the user")
    func journaled() async throws {
        try await StateFolder.with { state in
            try await LoadedDatabase.with(try TrainedBundle.small()) { database in
                let (url, movie) = (database.url, database.bundle.items[0].id)
                let (user, other) = (database.bundle.users[0].id, database.bundle.users[1].id)
                var away = Self.configuration(url, state)
                away.databaseWriteURL = "postgresql://127.0.0.1:1/nowhere"
                try await RunningService.with(away) { replica in
                    #expect(try await replica.post("/v1/events", Self.events(["a"], of: user, on: movie)).status == 202)
                    #expect(
                        try await replica.post("/v1/events", Self.events(["b"], of: other, on: movie)).status == 202)
                    let list = "/v1/users/\(user)/recommendations?engine=memory"
                    #expect(try await !Self.isUnknown(list, to: replica))
                    try await RunningService.with(Self.configuration(url)) { service in
                        let erased = try await service.delete("/v1/users/\(user)", headers: Self.asAdmin)
                        #expect(erased.status == 200)
                    }
                    try await eventually("the other service has heard of it") {
                        try await Self.isUnknown(list, to: replica)
                    }
                    // Where what it would have to write to is away, nothing is half done.
                    let refused = try await replica.delete("/v1/users/\(other)", headers: Self.asAdmin)
                    #expect(refused.status == 503 && refused.headers["retry-after"] != nil)
                    #expect(try await replica.get("/v1/users/\(other)/recommendations").status == 200)
                }
                try await RunningService.with(Self.configuration(url, state)) { service in
                    try await eventually("the journal is empty") {
                        try await service.get("/metrics").text.contains("\nkindred_journal_pending_events 0\n")
                    }
                    #expect(try await Self.count("kindred.events WHERE user_id = \(user)", url) == 0)
                    #expect(try await Self.count("kindred.events WHERE user_id = \(other)", url) == 1)
                    // Whoever comes later under the number is somebody new.
                    #expect(try await service.post("/v1/events", Self.events(["d"], of: user, on: movie)).status == 202)
                    try await eventually("a later event is stored") {
                        try await Self.count("kindred.events WHERE user_id = \(user)", url) == 1
                    }
                }
            }
        }
    }
}
