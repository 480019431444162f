import Foundation
import ModelBundle
import Postgres
import Service
import TestSupport
import Testing

/// What is answered before the router, against what the router answers.
@Suite(.timeLimit(.minutes(20))) struct ListAnswerTests {
    /// A header that only the router understands.
    private static let toRouter = ["X-Deadline-Ms": "60000"]

    private func withService(
        cacheEntries: Int = 10_000, _ body: @Sendable (RunningService, ModelBundle) async throws -> Void
    ) async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            var configuration = ServiceConfiguration(databaseURL: database.url)
            configuration.cacheEntries = cacheEntries
            try await RunningService.with(configuration) { try await body($0, database.bundle) }
        }
    }

    private func headers(_ reply: RunningService.Reply) -> [String: String] {
        reply.headers.filter { !["date", "x-request-id"].contains($0.key) }
    }

    @Test("an answer, with the database's help or without, is the router's, byte for byte, header for header")
    func likeTheRouter() async throws {
        try await withService(cacheEntries: 0) { service, bundle in
            for target in bundle.items.prefix(12).map({ "/v1/movies/\($0.id)/similar" })
                + bundle.users.prefix(12).map({ "/v1/users/\($0.id)/recommendations" })
            {
                for query in [
                    "", "?k=7", "?engine=pgvector&k=2", "?engine=memory", "?k=3&engine=memory", "?engine=memory&k=100",
                ] {
                    let immediate = try await service.get(target + query)
                    let routed = try await service.get(target + query, headers: Self.toRouter)
                    #expect(immediate.status == 200)
                    #expect(immediate.body == routed.body)
                    #expect(headers(immediate) == headers(routed))
                }
            }
        }
    }

    @Test("a cached answer is the router's, and each request counts once")
    func cached() async throws {
        try await withService { service, bundle in
            let targets = bundle.items.prefix(10).map { "/v1/movies/\($0.id)/similar?k=5" }
            for engine in ["pgvector", "memory"] {
                for target in targets {
                    let first = try await service.get("\(target)&engine=\(engine)")
                    let second = try await service.get("\(target)&engine=\(engine)")
                    let routed = try await service.get("\(target)&engine=\(engine)", headers: Self.toRouter)
                    let envelope: Envelope = try first.json()
                    #expect(envelope.source == engine)
                    #expect(second.text.hasSuffix(#""source":"cache"}"#))
                    #expect(second.body == routed.body)
                    #expect(headers(second) == headers(routed))
                    #expect(first.headers["etag"] == second.headers["etag"])
                    let known = try await service.get(
                        "\(target)&engine=\(engine)", headers: ["If-None-Match": try #require(first.headers["etag"])])
                    #expect(known.status == 304 && known.body.isEmpty)
                }
            }
            let metrics = try await service.get("/metrics").text
            #expect(metrics.contains("\nkindred_cache_hits_total 60\n"))
            #expect(metrics.contains("\nkindred_cache_misses_total 20\n"))
            let route = #"route="/v1/movies/{movie_id}/similar""#
            let ok = metrics.split(separator: "\n").filter {
                $0.hasPrefix("kindred_http_request_duration_seconds_count") && $0.contains(route)
            }
            #expect(ok.reduce(0) { $0 + (Int($1.split(separator: " ").last ?? "") ?? 0) } == 80)
        }
    }

    @Test("a client that has closed its side, or sends nonsense behind its request, gets its answer first")
    func closedSide() async throws {
        try await withService(cacheEntries: 0) { service, bundle in
            let port = try #require(URL(string: service.base)?.port)
            let target = "/v1/movies/\(bundle.items[0].id)/similar?k=1"
            try await service.waitUntilConnected(target)
            let request = "GET \(target) HTTP/1.1\r\nHost: test\r\n\r\n"
            let closing = try RawConnection(port: port)
            try closing.send(request)
            closing.closeSending()
            let closed = try await closing.receive()
            #expect(closed.hasSuffix(#""source":"pgvector"}"#))

            let nonsense = try RawConnection(port: port)
            try nonsense.send(request + "no request at all\r\n\r\n")
            let text = try await nonsense.receive()
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(text.contains(#""source":"pgvector"}HTTP/1.1 400 "#))
        }
    }

    @Test("a client that goes away while its request waits makes room, and takes its statement back")
    func goneClient() async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            var configuration = ServiceConfiguration(databaseURL: database.url)
            configuration.cacheEntries = 0
            configuration.connections = 1
            configuration.deadlineMilliseconds = 60_000
            try await RunningService.with(configuration) { service in
                let target = "/v1/movies/\(database.bundle.items[0].id)/similar"
                try await service.waitUntilConnected(target)
                let other = try await TestServer.connect(database.url)
                try await other.execute("BEGIN; LOCK TABLE kindred.item_vectors_g1 IN ACCESS EXCLUSIVE MODE")
                let waiting = """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE application_name = 'kindred-serve' AND wait_event_type = 'Lock' AND datname = current_database()
                    """
                let client = try RawConnection(port: try #require(URL(string: service.base)?.port))
                try client.send("GET \(target) HTTP/1.1\r\nHost: test\r\n\r\n")
                try await eventually("the statement waits") { try await other.query(waiting).int64(0, 0) > 0 }
                client.reset()
                // Long before its deadline.
                try await eventually("the statement is cancelled", within: .seconds(30)) {
                    try await other.query(waiting).int64(0, 0) == 0
                }
                #expect(try await service.get("/metrics").text.contains("\nkindred_http_requests_in_progress 1\n"))
            }
        }
    }

    @Test("pipelined requests are answered in their order, whoever answers them")
    func pipelined() async throws {
        try await withService { service, bundle in
            let port = try #require(URL(string: service.base)?.port)
            let ids = bundle.items.prefix(6).map(\.id)
            // Warm for the even ones: those could overtake the odd ones, which wait for the database.
            for id in ids.enumerated().filter({ $0.offset.isMultiple(of: 2) }).map(\.element) {
                _ = try await service.get("/v1/movies/\(id)/similar?k=1")
            }
            let connection = try RawConnection(port: port)
            let requests = ids.enumerated().map { place, id in
                "GET /v1/movies/\(id)/similar?k=1 HTTP/1.1\r\nHost: test\r\nX-Request-Id: place-\(place)\r\n\r\n"
            }
            try connection.send(requests.joined())
            let text = try await connection.receive {
                $0.components(separatedBy: "\"source\":\"").count >= 2 * ids.count + 1
            }
            let order = text.components(separatedBy: "\r\n").compactMap { line in
                line.hasPrefix("X-Request-Id: place-") ? Int(line.dropFirst("X-Request-Id: place-".count)) : nil
            }
            #expect(order == Array(ids.indices))
        }
    }

    @Test("a request with a body, an old version or a wish to close is left to the router, and answered")
    func unusual() async throws {
        try await withService(cacheEntries: 0) { service, bundle in
            let port = try #require(URL(string: service.base)?.port)
            let target = "/v1/movies/\(bundle.items[0].id)/similar?engine=memory&k=1"
            for (version, fields) in [
                ("1.1", "Content-Length: 5\r\nConnection: close\r\n\r\nhello"),
                ("1.1", "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
                ("1.1", "Connection: close\r\n\r\n"), ("1.0", "\r\n"),
            ] {
                let connection = try RawConnection(port: port)
                try connection.send("GET \(target) HTTP/\(version)\r\nHost: test\r\n\(fields)")
                let text = try await connection.receive { version == "1.0" && $0.hasSuffix("}") }
                #expect(text.prefix(while: { $0 != "\r\n" }).hasSuffix(" 200 OK"), "\(fields)")
                #expect(text.components(separatedBy: "HTTP/").count == 2, "one answer to \(fields)")
            }
            // A body read past must not be taken for the next request.
            let connection = try RawConnection(port: port)
            try connection.send(
                "GET \(target) HTTP/1.1\r\nHost: test\r\nContent-Length: 18\r\n\r\nGET / HTTP/1.1\r\n\r\n")
            try connection.send("GET \(target) HTTP/1.1\r\nHost: test\r\n\r\n")
            let text = try await connection.receive { $0.components(separatedBy: "\"source\":\"memory\"").count == 3 }
            #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 3)
        }
    }
}
