import Foundation
import ModelBundle
import Service
import TestSupport
import Testing

/// Keys, origins, rates and headers, each on a route that the router answers and on one that is answered before it.
@Suite(.timeLimit(.minutes(20))) struct AccessTests {
    private static let reader = "reader-0123456789abcdef"
    private static let admin = "admin-0123456789abcdef"

    private func withService(
        _ change: @Sendable (inout AccessConfiguration) -> Void,
        _ body: @Sendable (RunningService, _ list: String, _ movie: String) async throws -> Void
    ) async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            var configuration = ServiceConfiguration(databaseURL: database.url)
            change(&configuration.access)
            let id = database.bundle.items[0].id
            try await RunningService.with(configuration) {
                try await body($0, "/v1/movies/\(id)/similar", "/v1/movies/\(id)")
            }
        }
    }

    @Test("with a read key every route under /v1 needs one, however it is written, and probes, metrics do not")
    func readKey() async throws {
        try await withService {
            $0.readKey = Self.reader
            $0.adminKey = Self.admin
        } _: { service, list, movie in
            for path in [list, movie, "/\(movie)", "/v1/nothing", "/%761/movies/1"] {
                let none = try await service.get(path, headers: ["X-Request-Id": "mine"])
                #expect(none.status == 401, "\(path)")
                #expect(none.headers["www-authenticate"] == #"Bearer realm="kindred""#)
                #expect(none.headers["x-request-id"] == "mine")
                #expect(try none.json(ProblemBody.self).type == "/problems/unauthorized")
                let wrong = try await service.get(path, headers: ["Authorization": "Bearer \(Self.reader)0"])
                #expect(wrong.status == 401)
                #expect(wrong.headers["www-authenticate"] == #"Bearer realm="kindred", error="invalid_token""#)
                #expect(!wrong.text.contains(Self.reader))
            }
            for key in [Self.reader, Self.admin] {
                for path in [list, movie] {
                    let known = try await service.get(path, headers: ["Authorization": "Bearer \(key)"])
                    #expect(known.status == 200, "\(path)")
                }
            }
            // Cached by now: a kept answer is no more open than a fresh one.
            #expect(try await service.get(list).status == 401)
            for path in ["/livez", "/readyz", "/metrics"] { #expect(try await service.get(path).status == 200) }
            #expect(try await service.post("/v1/events", "{}").status == 401)
        }
    }

    @Test("a refused request with a body is read to its end, and the connection serves the next one")
    func refusedBody() async throws {
        try await withService {
            $0.readKey = Self.reader
        } _: { service, list, _ in
            let connection = try RawConnection(port: try #require(URL(string: service.base)?.port))
            let body = String(repeating: "x", count: 100_000)
            try connection.send(
                "POST /v1/events HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let list =
                "GET \(list)?engine=memory HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer \(Self.reader)\r\n\r\n"
            try connection.send(list)
            let text = try await connection.receive { $0.hasSuffix(#""source":"memory"}"#) }
            #expect(text.hasPrefix("HTTP/1.1 401 ") && text.contains("HTTP/1.1 200 OK"))

            let waiting = try RawConnection(port: try #require(URL(string: service.base)?.port))
            try waiting.send(
                "POST /v1/events HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
            let refused = try await waiting.receive()
            #expect(refused.hasPrefix("HTTP/1.1 401 ") && refused.contains("Connection: close"))
        }
    }

    @Test("every answer tells browsers what not to do with it, whoever gives it")
    func securityHeaders() async throws {
        try await withService {
            $0.corsOrigins = "https://app.example"
        } _: { service, list, movie in
            let port = try #require(URL(string: service.base)?.port)
            let nonsense = try RawConnection(port: port)
            try nonsense.send("no request at all\r\n\r\n")
            let nonsenseText = try await nonsense.receive()
            #expect(nonsenseText.hasPrefix("HTTP/1.1 400 "))
            for path in [list, list + "?ef_search=10", movie, "/livez", "/metrics", "/nothing", list + "?k=x"] {
                let reply = try await service.get(path)
                #expect(reply.headers["x-content-type-options"] == "nosniff", "\(path)")
                #expect(reply.headers["referrer-policy"] == "no-referrer", "\(path)")
                #expect(reply.headers["content-security-policy"]?.contains("frame-ancestors 'none'") == true, "\(path)")
                #expect(reply.headers["cross-origin-resource-policy"] == "same-origin", "\(path)")
            }
            for name in ["X-Content-Type-Options: nosniff", "Content-Security-Policy: default-src 'none'"] {
                #expect(nonsenseText.contains(name))
            }
        }
    }

    @Test("a page of a listed origin may read, with a key, and learns what it needs from a preflight")
    func cors() async throws {
        try await withService {
            $0.corsOrigins = "https://app.example"
            $0.readKey = Self.reader
        } _: { service, list, movie in
            let asking = [
                "Origin": "https://app.example", "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "authorization",
            ]
            let preflight = try await RunningService.send("OPTIONS", service.base + list, headers: asking)
            #expect(preflight.status == 204 && preflight.body.isEmpty)
            #expect(preflight.headers["access-control-allow-origin"] == "https://app.example")
            #expect(preflight.headers["access-control-allow-headers"]?.contains("Authorization") == true)
            #expect(preflight.headers["access-control-max-age"] == "7200")
            for path in [list, movie] {
                let reply = try await service.get(
                    path, headers: ["Origin": "https://app.example", "Authorization": "Bearer \(Self.reader)"])
                #expect(reply.status == 200)
                #expect(reply.headers["access-control-allow-origin"] == "https://app.example")
                #expect(reply.headers["access-control-expose-headers"]?.contains("X-Request-Id") == true)
                #expect(reply.headers["vary"]?.hasSuffix("Origin") == true)
                // A page must be able to read why it was refused.
                let refused = try await service.get(path, headers: ["Origin": "https://app.example"])
                #expect(refused.status == 401)
                #expect(refused.headers["access-control-allow-origin"] == "https://app.example")
                let other = try await service.get(path, headers: ["Origin": "https://evil.example"])
                #expect(other.headers["access-control-allow-origin"] == nil && other.headers["vary"] == "Origin")
            }
            let evil = asking.merging(["Origin": "https://evil.example"]) { $1 }
            #expect(try await RunningService.send("OPTIONS", service.base + list, headers: evil).status == 403)
        }
    }

    @Test("beyond its rate a client is refused with when to come back, on every route but the probes")
    func rate() async throws {
        try await withService {
            $0.rateLimit = 0.01
            $0.rateBurst = 4
        } _: { service, list, movie in
            var left: [String?] = []
            for path in [list, movie, list + "?engine=memory", movie] {
                let reply = try await service.get(path)
                #expect(reply.status == 200)
                #expect(reply.headers["ratelimit-policy"] == #""requests";q=4;w=400"#)
                left.append(reply.headers["ratelimit"])
            }
            #expect(left.map { String($0?.prefix(14) ?? "") } == (0..<4).map { #""requests";r=\#(3 - $0)"# })
            for path in [list, movie] {
                let reply = try await service.get(path)
                #expect(reply.status == 429)
                let wait = try #require(reply.headers["retry-after"].flatMap { Int($0) })
                #expect((1...100).contains(wait))
                #expect(reply.headers["ratelimit"]?.hasPrefix(#""requests";r=0;t="#) == true)
                #expect(try reply.json(ProblemBody.self).type == "/problems/too-many-requests")
            }
            for path in ["/livez", "/readyz", "/metrics"] { #expect(try await service.get(path).status == 200) }
        }
    }
}
