import Foundation
import ModelBundle
import Postgres
import Retrieval
import Service
import TestSupport
import Testing

/// Clients that take too long, send too much or keep an unusual order.
@Suite(.timeLimit(.minutes(20))) struct ConnectionLimitTests {
    private func withService(
        _ change: @Sendable (inout ServiceConfiguration) -> Void = { _ in },
        _ body: @Sendable (RunningService, _ port: Int, ModelBundle) async throws -> Void
    ) async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            var configuration = ServiceConfiguration(databaseURL: database.url)
            change(&configuration)
            try await RunningService.with(configuration) { service in
                let port = try #require(URL(string: service.base)?.port)
                try await body(service, port, database.bundle)
            }
        }
    }

    private func request(_ target: String, _ fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: test\r\n\(fields)\r\n"
    }

    @Test("connections that dribble a head, or say nothing, are closed; others are answered all the while")
    func slowHeads() async throws {
        try await withService {
            $0.limits.headerSeconds = 1
        } _: { service, port, bundle in
            let silent = try (0..<20).map { _ in try RawConnection(port: port) }
            let slow = try (0..<20).map { _ in try RawConnection(port: port) }
            let dribbling = Task {
                // One byte at a time, each in time: only the whole is late.
                for byte in "GET /livez HTTP/1.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" {
                    for connection in slow { try? connection.send(String(byte)) }
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            for item in bundle.items.prefix(20) {
                #expect(try await service.get("/v1/movies/\(item.id)/similar").status == 200)
            }
            for connection in silent + slow { #expect(try await connection.receiveToEnd() == "") }
            dribbling.cancel()
            _ = await dribbling.result
        }
    }

    @Test("a later request's head is timed from its first byte, an idle connection by its own limit")
    func laterHeads() async throws {
        try await withService {
            $0.limits.headerSeconds = 1
            $0.limits.idleSeconds = 10
        } _: { _, port, _ in
            let idle = try RawConnection(port: port)
            try idle.send(request("/livez"))
            _ = try await idle.receive { $0.hasSuffix("ok\n") }
            // Longer than a head may take, and not yet too long for a rest.
            try await Task.sleep(for: .milliseconds(1500))
            try idle.send(request("/livez"))
            let again = try await idle.receive { $0.hasSuffix("ok\n") }
            #expect(again.hasPrefix("HTTP/1.1 200 OK"))
            #expect(try await idle.receiveToEnd() == "")

            let slow = try RawConnection(port: port)
            try slow.send(request("/livez"))
            _ = try await slow.receive { $0.hasSuffix("ok\n") }
            try slow.send("GET /livez HT")
            let began = ContinuousClock.now
            #expect(try await slow.receiveToEnd() == "")
            #expect(ContinuousClock.now - began > .milliseconds(900))
        }
    }

    @Test("a body that does not come closes its connection, and its request makes room")
    func slowBody() async throws {
        try await StateFolder.with { state in
            try await withService {
                $0.limits.bodySeconds = 1
                $0.stateFolder = state.path
            } _: { service, port, _ in
                let connections = try (0..<10).map { _ in try RawConnection(port: port) }
                for connection in connections {
                    try connection.send(
                        "POST /v1/events HTTP/1.1\r\nHost: test\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n{"
                    )
                }
                for connection in connections { _ = try await connection.receiveToEnd() }
                try await eventually("no request is under way but the question for the metrics") {
                    try await service.get("/metrics").text.contains("\nkindred_http_requests_in_progress 1\n")
                }
            }
        }
    }

    @Test("a request that waits for the database longer than a client may idle is answered")
    func waiting() async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            var configuration = ServiceConfiguration(databaseURL: database.url)
            configuration.cacheEntries = 0
            configuration.deadlineMilliseconds = 16_000
            configuration.search.statementTimeoutMilliseconds = 60_000
            // Shorter than the wait, and long enough for a client whose threads other tests hold.
            configuration.limits.headerSeconds = 8
            configuration.limits.bodySeconds = 8
            configuration.limits.idleSeconds = 8
            try await RunningService.with(configuration) { service in
                let port = try #require(URL(string: service.base)?.port)
                let target = "/v1/movies/\(database.bundle.items[0].id)/similar"
                try await service.waitUntilConnected(target)
                let other = try await TestServer.connect(database.url)
                try await other.execute("BEGIN; LOCK TABLE kindred.item_vectors_g1 IN ACCESS EXCLUSIVE MODE")
                // One before the router, one through it, and the beginning of a third behind each.
                for fields in ["", "X-Deadline-Ms: 16000\r\n"] {
                    let connection = try RawConnection(port: port)
                    try connection.send(request(target, fields) + "GET /li")
                    let answer = try await connection.receive { $0.contains(#""source":"memory"}"#) }
                    #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
                    try connection.send("vez HTTP/1.1\r\nHost: test\r\n\r\n")
                    #expect(try await connection.receive { $0.hasSuffix("ok\n") }.contains("200 OK"))
                }
            }
        }
    }

    @Test("a head or target beyond its bound is refused by its own status, and the connection ends")
    func largeHeads() async throws {
        try await withService { _, port, bundle in
            let list = "/v1/movies/\(bundle.items[0].id)/similar"
            let cases = [
                (request("/" + String(repeating: "a", count: 40_000)), "431"),
                (request("/" + String(repeating: "a", count: 30_000)), "414"),
                (request(list, "X-Large: " + String(repeating: "a", count: 40_000) + "\r\n"), "431"),
                (request(list, String(repeating: "X-Many: a\r\n", count: 101)), "431"),
                (
                    request(
                        "/livez", String(repeating: "X-Many: " + String(repeating: "a", count: 500) + "\r\n", count: 90)
                    ), "431"
                ),
            ]
            for (text, status) in cases {
                let connection = try RawConnection(port: port)
                try? connection.send(text)
                let answer = try await connection.receiveToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(200))")
                #expect(answer.contains("Connection: close\r\n") && answer.contains("application/problem+json"))
            }
            let connection = try RawConnection(port: port)
            try connection.send(
                request(list + "?engine=memory", "X-Large: " + String(repeating: "a", count: 20_000) + "\r\n"))
            #expect(try await connection.receive { $0.hasSuffix(#""source":"memory"}"#) }.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test("a body beyond its bound is refused at once where its length is told, else when it has grown so far")
    func largeBodies() async throws {
        try await StateFolder.with { state in
            try await withService {
                $0.stateFolder = state.path
            } _: { service, port, _ in
                let told = try RawConnection(port: port)
                try told.send("POST /v1/events HTTP/1.1\r\nHost: test\r\nContent-Length: 99999999999\r\n\r\n")
                let answer = try await told.receiveToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 413 ") && answer.contains("Connection: close\r\n"))

                let chunk = "10000\r\n" + String(repeating: "x", count: 0x10000) + "\r\n"
                for target in ["/v1/events", "/livez"] {
                    let endless = try RawConnection(port: port)
                    try endless.send(
                        "POST \(target) HTTP/1.1\r\nHost: test\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
                    )
                    // Until the service has had enough and the system says so.
                    #expect(await endless.send(chunk, times: 4096) < 4096, "a quarter of a gigabyte for \(target)")
                }
                #expect(try await service.get("/livez").status == 200)
            }
        }
    }

    @Test("a body that stops being HTTP is answered once, before that or because of it, and the connection ends")
    func brokenBodies() async throws {
        try await StateFolder.with { state in
            try await withService {
                $0.stateFolder = state.path
            } _: { service, port, _ in
                for (target, status) in [("/v1/events", "400"), ("/livez", "405")] {
                    let connection = try RawConnection(port: port)
                    try connection.send(
                        "POST \(target) HTTP/1.1\r\nHost: test\r\nContent-Type: text/plain\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
                    var text = target == "/livez" ? try await connection.receive { $0.hasSuffix("}") } : ""
                    try connection.send("no chunk\r\n")
                    text += try await connection.receiveToEnd()
                    #expect(text.hasPrefix("HTTP/1.1 \(status) "), "\(text.prefix(200))")
                    #expect(text.matches(of: #/HTTP/1\.1 \d/#).count == 1)
                }
                #expect(try await service.get("/livez").status == 200)
            }
        }
    }

    @Test("thousands of requests in one go are answered in order, without the depth of one within the other")
    func manyPipelined() async throws {
        try await withService { _, port, bundle in
            let list = "/v1/movies/\(bundle.items[0].id)/similar?k=1&engine=memory"
            let connection = try RawConnection(port: port)
            let count = 6000
            let requests = (0..<count).map { place in
                request(list, "X-Request-Id: n\(place)\r\n" + (place == count - 1 ? "Connection: close\r\n" : ""))
            }.joined()
            async let sent = connection.send(requests, times: 1)
            let text = try await connection.receiveToEnd()
            #expect(await sent == 1)
            let order = text.split(separator: "\r\n").compactMap { line in
                line.hasPrefix("X-Request-Id: n") ? Int(line.dropFirst("X-Request-Id: n".count)) : nil
            }
            #expect(order == Array(0..<count))
        }
    }

    @Test("a client that asks and never reads holds up nobody, and is closed")
    func unread() async throws {
        try await withService {
            $0.limits.bodySeconds = 1
        } _: { service, port, bundle in
            let list = request("/v1/movies/\(bundle.items[0].id)/similar?k=100&engine=memory")
            let greedy = try RawConnection(port: port)
            // Gigabytes of answers, were they all made.
            async let sent = greedy.send(String(repeating: list, count: 1000), times: 1000)
            #expect(try await service.get("/v1/movies/\(bundle.items[1].id)/similar").status == 200)
            #expect(await sent < 1000)
            #expect(try await service.get("/livez").status == 200)
        }
    }

    @Test("requests of every kind, one behind the other, are answered in their order")
    func mixedPipeline() async throws {
        try await StateFolder.with { state in
            try await withService {
                $0.stateFolder = state.path
            } _: { _, port, bundle in
                let id = bundle.items[0].id
                let event = #"{"event_id":"e","session":"s","movie_id":\#(id),"kind":"viewed"}"#
                let post =
                    "POST /v1/events HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: "
                    + "\(event.utf8.count)\r\n\r\n\(event)"
                let requests: [(String, String)] = [
                    (request("/v1/movies/\(id)/similar"), "200"), (post, "202"),
                    (request("/v1/movies/\(id)/similar?engine=memory"), "200"), (request("/v1/movies/\(id)"), "200"),
                    (request("/nothing"), "404"), (request("/v1/movies/\(id)/similar?k=0"), "400"), (post, "202"),
                    (request("/v1/movies/\(id)/similar", "Connection: close\r\n"), "200"),
                ]
                let connection = try RawConnection(port: port)
                try connection.send(requests.map(\.0).joined())
                connection.closeSending()
                let text = try await connection.receiveToEnd()
                #expect(text.matches(of: #/HTTP/1\.1 (\d+)/#).map { String($0.1) } == requests.map(\.1))
            }
        }
    }
}

extension RawConnection {
    /// What comes until the peer closes, in whichever way.
    fileprivate func receiveToEnd() async throws -> String {
        do {
            return try await receive()
        } catch let failure as Failure where failure.code == ECONNRESET {
            return ""
        }
    }
}
