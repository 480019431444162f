import Foundation
import Service
import TestSupport
import Testing
import Web

@Suite(.timeLimit(.minutes(20))) struct PageRoutesTests {
    private func withService(_ body: @Sendable (RunningService) async throws -> Void) async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url), body)
        }
    }

    @Test("every file of the page is served as it was compiled in, with its type, its tag and a strict policy")
    func files() async throws {
        try await withService { service in
            for file in WebFile.root + WebFile.parts {
                let reply = try await service.get(file.path)
                #expect(reply.status == 200 && reply.body == Data(file.bytes), "\(file.path)")
                #expect(reply.headers["content-type"] == file.contentType)
                #expect(reply.headers["etag"] == file.etag)
                #expect(reply.headers["cache-control"] == "no-cache")
                let policy = reply.headers["content-security-policy"] ?? ""
                #expect(policy.hasPrefix("default-src 'none'; script-src 'self';"), "\(file.path)")
                #expect(!policy.contains("unsafe"))
            }
        }
    }

    @Test("a browser that has a file is not sent it again")
    func unchanged() async throws {
        try await withService { service in
            for tag in [WebFile.root[0].etag, "W/\(WebFile.root[0].etag)", "\"other\", \(WebFile.root[0].etag)", "*"] {
                let reply = try await service.get("/", headers: ["If-None-Match": tag])
                #expect(reply.status == 304 && reply.body.isEmpty, "\(tag)")
                #expect(reply.headers["etag"] == WebFile.root[0].etag)
            }
            #expect(try await service.get("/", headers: ["If-None-Match": "\"other\""]).status == 200)
        }
    }

    @Test("HEAD tells what GET would, without the body")
    func head() async throws {
        try await withService { service in
            for file in [WebFile.root[0], WebFile.parts[0]] {
                let reply = try await RunningService.send("HEAD", service.base + file.path)
                #expect(reply.status == 200 && reply.body.isEmpty)
                #expect(reply.headers["content-length"] == String(file.bytes.count))
                #expect(reply.headers["content-type"] == file.contentType)
                #expect(reply.headers["etag"] == file.etag)
            }
        }
    }

    @Test("what the page has no part of is a problem, and no path leads out of it")
    func unknown() async throws {
        try await withService { service in
            for path in ["/page/", "/page/none.js", "/page/..%2fclient.js", "/index.html"] {
                let reply = try await service.get(path)
                #expect(reply.status == 404, "\(path)")
                #expect(reply.headers["content-type"] == "application/problem+json")
            }
        }
    }

    @Test("all parts of the page share one label in the metrics")
    func label() async throws {
        try await withService { service in
            for file in WebFile.parts { _ = try await service.get(file.path) }
            let metrics = try await service.get("/metrics").text
            let labels = metrics.matches(of: /kindred_http_request_duration_seconds_count\{[^}]*route="([^"]*)"/).map {
                String($0.1)
            }
            #expect(labels.filter { $0.hasPrefix("/page/") }.count == 1)
        }
    }
}
