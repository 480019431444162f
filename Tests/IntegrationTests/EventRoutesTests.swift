import Foundation
import ModelBundle
import Postgres
import Service
import TestSupport
import Testing

@Suite struct EventRoutesTests {
    private struct Accepted: Decodable {
        let accepted: Int
    }

    private func withService(
        _ adjust: @Sendable (inout ServiceConfiguration) -> Void = { _ in },
        _ body: @Sendable (RunningService, LoadedDatabase, StateFolder) async throws -> Void
    ) async throws {
        try await StateFolder.with { state in
            try await LoadedDatabase.with(try TrainedBundle.small()) { database in
                var configuration = ServiceConfiguration(databaseURL: database.url)
                configuration.stateFolder = state.path
                adjust(&configuration)
                try await RunningService.with(configuration) { try await body($0, database, state) }
            }
        }
    }

    private static func stored(_ url: String) async throws -> [String] {
        let connection = try await TestServer.connect(url)
        let result = try await connection.query(
            """
            SELECT concat_ws('|', event_id, coalesce(user_id::text, session), movie_id, kind, value, generation_id,
                             request_id, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'))
            FROM kindred.movie_events WHERE title IS NOT NULL ORDER BY event_id
            """)
        return try (0..<result.rowCount).map { try result.text($0, 0) }
    }

    @Test("accepted events are in the database, each once, with what was sent, the generation and the request")
    func accepted() async throws {
        try await withService { service, database, _ in
            let movie = database.bundle.items[0].id
            let one = try await service.post(
                "/v1/events",
                """
                {"event_id": "a-1", "user_id": 7, "movie_id": \(movie), "kind": "rated", "value": 4.5,
                 "occurred_at": "2026-01-31T23:59:59.25+01:00"}
                """, headers: ["Content-Type": "application/json; charset=utf-8", "X-Request-Id": "request-1"])
            #expect(one.status == 202)
            #expect(try one.json(Accepted.self).accepted == 1)
            // As navigator.sendBeacon sends a string; one id twice, and one that was sent before.
            let several = try await service.post(
                "/v1/events",
                """
                {"events": [
                    {"event_id": "b 2", "session": "s/9", "movie_id": \(movie), "kind": "watched", "value": 86400,
                     "occurred_at": "1970-01-01T00:00:00Z"},
                    {"event_id": "b 2", "session": "other", "movie_id": \(movie), "kind": "viewed"},
                    {"event_id": "a-1", "session": "other", "movie_id": \(movie), "kind": "viewed", "value": null},
                    {"event_id": "c", "user_id": 2147483647, "movie_id": \(movie), "kind": "viewed",
                     "occurred_at": "2024-02-29T12:00:00.1234567Z"}
                ]}
                """, headers: ["Content-Type": "text/plain;charset=UTF-8", "X-Request-Id": "request-2"])
            #expect(several.status == 202)
            #expect(try several.json(Accepted.self).accepted == 4)
            try await eventually("three events are stored") { try await Self.stored(database.url).count == 3 }
            #expect(
                try await Self.stored(database.url) == [
                    "a-1|7|\(movie)|rated|4.5|1|request-1|2026-01-31 22:59:59.250000",
                    "b 2|s/9|\(movie)|watched|86400|1|request-2|1970-01-01 00:00:00.000000",
                    "c|2147483647|\(movie)|viewed|1|request-2|2024-02-29 12:00:00.123456",
                ])
            try await eventually("the counters agree") {
                let metrics = try await service.get("/metrics").text
                return [
                    "kindred_events_accepted_total 5", "kindred_events_stored_total 3",
                    "kindred_events_duplicate_total 2", "kindred_events_rejected_total 0",
                    "kindred_events_refused_total{reason=\"invalid\"} 0", "kindred_journal_pending_events 0",
                    "kindred_journal_oldest_pending_seconds 0",
                ].allSatisfy { metrics.contains("\n\($0)\n") }
            }
        }
    }

    @Test("an event without a time happened when it came")
    func time() async throws {
        try await withService { service, database, _ in
            let movie = database.bundle.items[0].id
            let before = Date()
            _ = try await service.post(
                "/v1/events", "{\"event_id\":\"t\",\"session\":\"s\",\"movie_id\":\(movie),\"kind\":\"viewed\"}")
            try await eventually("it is stored") { try await Self.stored(database.url).count == 1 }
            let times = try await TestServer.connect(database.url).query(
                """
                SELECT extract(epoch FROM occurred_at)::float8, occurred_at = received_at FROM kindred.events
                """)
            let seconds = try times.double(0, 0)
            #expect(seconds >= before.timeIntervalSince1970 - 0.001 && seconds <= Date().timeIntervalSince1970)
            #expect(try times.bool(0, 1))
        }
    }

    @Test("an invalid event refuses its request as a whole and is named with its field")
    func invalid() async throws {
        try await withService { service, database, _ in
            let movie = database.bundle.items[0].id
            let whole: [String: String] = [
                "event_id": "\"x\"", "user_id": "1", "movie_id": "\(movie)", "kind": "\"rated\"", "value": "3",
            ]
            func event(_ changes: [String: String?]) -> String {
                let fields = changes.reduce(into: whole) { $0[$1.key] = $1.value }
                return "{" + fields.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
            }
            let faults: [(changes: [String: String?], field: String)] = [
                (["event_id": nil], "event_id"), (["event_id": "\"\""], "event_id"), (["event_id": "5"], "event_id"),
                (["event_id": "\"\(String(repeating: "e", count: 65))\""], "event_id"),
                (["event_id": "\"caf\u{e9}\""], "event_id"), (["event_id": "\"a\\u0000b\""], "event_id"),
                (["user_id": nil], "user_id"), (["session": "\"s\""], "user_id"), (["user_id": "0"], "user_id"),
                (["user_id": "2147483648"], "user_id"), (["user_id": "1.5"], "user_id"),
                (["user_id": "\"1\""], "user_id"), (["user_id": "true"], "user_id"),
                (["user_id": nil, "session": "\"\\n\""], "session"),
                (["movie_id": "2147483647"], "movie_id"), (["movie_id": nil], "movie_id"),
                (["movie_id": "null"], "movie_id"), (["movie_id": "-1"], "movie_id"),
                (["kind": "\"liked\""], "kind"), (["kind": nil], "kind"), (["kind": "[]"], "kind"),
                (["value": nil], "value"), (["value": "0.4"], "value"), (["value": "5.1"], "value"),
                (["value": "\"4\""], "value"), (["value": "1e999"], "value"),
                (["kind": "\"viewed\""], "value"), (["kind": "\"watched\"", "value": "-1"], "value"),
                (["kind": "\"watched\"", "value": "86401"], "value"), (["kind": "\"watched\"", "value": nil], "value"),
                (["occurred_at": "\"yesterday\""], "occurred_at"), (["occurred_at": "5"], "occurred_at"),
                (["occurred_at": "\"2026-02-29T00:00:00Z\""], "occurred_at"),
                (["occurred_at": "\"2026-01-01T00:00:00\""], "occurred_at"),
                (["occurred_at": "\"2026-01-01T24:00:00Z\""], "occurred_at"),
                (["occurred_at": "\"1969-12-31T23:59:59Z\""], "occurred_at"),
                (["occurred_at": "\"9999-01-01T00:00:00Z\""], "occurred_at"), (["colour": "1"], "colour"),
            ]
            for (changes, field) in faults {
                let fault = event(changes)
                let single = try await service.post("/v1/events", fault)
                let problem: ProblemBody = try single.json()
                #expect(single.status == 400 && problem.field == field, "\(fault): \(single.text)")
                let good = event(["event_id": "\"good\""])
                let list = try await service.post("/v1/events", "{\"events\":[\(good),\(good),\(fault)]}")
                let inList: ProblemBody = try list.json()
                #expect(list.status == 400 && inList.field == "events[2].\(field)", "\(fault): \(list.text)")
            }
            let bodies: [(body: String, field: String)] = [
                ("", "body"), ("nonsense", "body"), ("[]", "body"), ("5", "body"), ("{\"events\":[]}", "events"),
                ("{\"events\":{}}", "events"), ("{\"events\":[5]}", "events[0]"),
                ("{\"events\":[\(event([:]))],\"more\":1}", "more"),
            ]
            for (body, field) in bodies {
                let reply = try await service.post("/v1/events", body)
                let problem: ProblemBody = try reply.json()
                #expect(reply.status == 400 && problem.field == field, "\(body): \(reply.text)")
            }
            let query = try await service.post("/v1/events?k=1", event([:]))
            #expect(try query.status == 400 && query.json(ProblemBody.self).field == "k")
            // Nothing of all this was kept: the next one accepted is the first one stored.
            #expect(try await service.post("/v1/events", event(["event_id": "\"last\""])).status == 202)
            try await eventually("it is stored") { try await Self.stored(database.url).count > 0 }
            #expect(try await Self.stored(database.url).map { $0.prefix(5) } == ["last|"])
        }
    }

    @Test("too many events, too many bytes and other media types are refused; the most that is allowed is not")
    func limits() async throws {
        try await withService { service, database, _ in
            let movie = database.bundle.items[0].id
            func list(_ count: Int) -> String {
                let events = (0..<count).map {
                    "{\"event_id\":\"\($0)\",\"session\":\"s\",\"movie_id\":\(movie),\"kind\":\"viewed\"}"
                }
                return "{\"events\":[\(events.joined(separator: ","))]}"
            }
            let many = try await service.post("/v1/events", list(1001))
            #expect(try many.status == 413 && many.json(ProblemBody.self).field == "events")
            let long = try await service.post("/v1/events", list(1) + String(repeating: " ", count: 1 << 20))
            #expect(long.status == 413)
            for type in ["application/x-www-form-urlencoded", "application/jsonx", "text/html"] {
                let other = try await service.post("/v1/events", list(1), headers: ["Content-Type": type])
                #expect(try other.status == 415 && other.json(ProblemBody.self).field == "Content-Type", "\(type)")
            }
            let most = try await service.post("/v1/events", list(1000))
            #expect(try most.status == 202 && most.json(Accepted.self).accepted == 1000)
            try await eventually("a thousand are stored") { try await Self.stored(database.url).count == 1000 }
        }
    }

    @Test("without a state folder events are refused with the way out, and everything else works")
    func noState() async throws {
        try await withService {
            $0.stateFolder = nil
        } _: { service, database, _ in
            let movie = database.bundle.items[0].id
            let reply = try await service.post(
                "/v1/events", "{\"event_id\":\"t\",\"session\":\"s\",\"movie_id\":\(movie),\"kind\":\"viewed\"}")
            #expect(reply.status == 503 && reply.text.contains("KINDRED_STATE"))
            #expect(try await service.get("/v1/movies/\(movie)/similar").status == 200)
        }
    }

    @Test(
        "on a full disk events are refused loudly, and with room again accepted; nothing accepted is lost",
        .enabled(if: geteuid() == 0, "mounting a small disk takes root"))
    func fullDisk() async throws {
        try await StateFolder.with { state in
            try #require(mount("tmpfs", state.path, "tmpfs", 0, "size=256k") == 0, "errno \(errno)")
            defer { umount2(state.path, Int32(MNT_DETACH)) }
            try await LoadedDatabase.with(try TrainedBundle.small()) { database in
                var configuration = ServiceConfiguration(databaseURL: database.url)
                configuration.stateFolder = state.path
                try await RunningService.with(configuration) { service in
                    let movie = database.bundle.items[0].id
                    func send(_ id: String) async throws -> RunningService.Reply {
                        try await service.post(
                            "/v1/events",
                            "{\"event_id\":\"\(id)\",\"session\":\"s\",\"movie_id\":\(movie),\"kind\":\"viewed\"}")
                    }
                    #expect(try await send("before").status == 202)
                    let ballast = state.path + "/ballast"
                    #expect(FileManager.default.createFile(atPath: ballast, contents: nil))
                    let file = try #require(FileHandle(forWritingAtPath: ballast))
                    // To the last page; the segment's own last page may still have room for some events.
                    #expect(throws: (any Error).self) { while true { try file.write(contentsOf: Data(count: 4096)) } }
                    var accepted = ["before"]
                    var refusal: RunningService.Reply?
                    for number in 0..<200 where refusal == nil {
                        let reply = try await send("full-\(number)")
                        if reply.status == 202 { accepted.append("full-\(number)") } else { refusal = reply }
                    }
                    let refused = try #require(refusal)
                    #expect(refused.status == 503 && refused.headers["retry-after"] != nil)
                    #expect(refused.text.contains("No space left on device") && !refused.text.contains(state.path))
                    #expect(try await service.get("/readyz").text.contains("events are refused: No space left"))
                    #expect(try await service.get("/metrics").text.contains("{reason=\"unavailable\"} 1\n"))
                    try file.truncate(atOffset: 0)
                    #expect(try await send("after").status == 202)
                    #expect(try await !service.get("/readyz").text.contains("refused"))
                    accepted.append("after")
                    try await eventually("all are stored") {
                        try await Self.stored(database.url).count >= accepted.count
                    }
                    let ids = try await Self.stored(database.url).map { String($0.prefix { $0 != "|" }) }
                    #expect(ids == accepted.sorted())
                }
            }
        }
    }
}
