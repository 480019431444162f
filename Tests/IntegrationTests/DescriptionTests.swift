import Foundation
import Service
import TestSupport
import Testing

/// `/openapi.json` and what it promises; `make contract` throws far more at it.
@Suite(.timeLimit(.minutes(20))) struct DescriptionTests {
    private func withService(_ body: @Sendable (RunningService) async throws -> Void) async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url), body)
        }
    }

    private struct Document: Decodable {
        struct Operation: Decodable {
            struct Parameter: Decodable {
                let name: String?
                let `in`: String?
            }

            let operationId: String
            let parameters: [Parameter]
            let responses: [String: Ignored]
        }

        struct Ignored: Decodable {}

        let openapi: String
        let paths: [String: [String: Operation]]
    }

    private static func document(_ service: RunningService) async throws -> Document {
        let reply = try await service.get("/openapi.json")
        #expect(reply.status == 200)
        #expect(reply.headers["content-type"] == "application/json; charset=utf-8")
        return try JSONDecoder().decode(Document.self, from: reply.body)
    }

    /// A path with ids of a movie and a user that there are.
    private static func address(_ path: String) -> String {
        path.replacing("{movie_id}", with: "1").replacing("{user_id}", with: "1")
    }

    @Test("every described route is there, and every GET has the parameters that are described and no others")
    func parameters() async throws {
        try await withService { service in
            let document = try await Self.document(service)
            #expect(document.openapi == "3.1.0")
            for (path, operations) in document.paths {
                for (method, operation) in operations {
                    let address = service.base + Self.address(path)
                    guard method == "get" else {
                        let reply = try await RunningService.send(method.uppercased(), address)
                        // Without a body; events would have nowhere to go even with one.
                        #expect(reply.status == (path == "/v1/events" ? 503 : 415), "\(method) \(path)")
                        continue
                    }
                    let reply = try await RunningService.send("GET", address)
                    #expect(reply.status == 200, "\(path)")
                    let refused = try await RunningService.send("GET", address + "?nonsense=1")
                    let problem: ProblemBody = try refused.json()
                    #expect(refused.status == 400 && problem.field == "nonsense", "\(path)")
                    let described = operation.parameters.filter { $0.in == "query" }.compactMap(\.name)
                    let known = described.isEmpty ? "takes none" : "known are: \(described.joined(separator: ", "))"
                    #expect(problem.detail.hasSuffix(known), "\(path): \(problem.detail)")
                }
            }
            #expect(document.paths.keys.contains("/v1/batch") && !document.paths.keys.contains("/v1/admin/activate"))
            #expect(
                Set(document.paths.values.flatMap(\.values).map(\.operationId)).count
                    == document.paths.values.reduce(0) { $0 + $1.count })
        }
    }

    @Test("a path that has other methods says which, and HEAD goes with GET")
    func methods() async throws {
        try await withService { service in
            for (method, path, allowed) in [
                ("DELETE", "/v1/movies/1/similar", "GET, HEAD"), ("POST", "/v1/movies", "GET, HEAD"),
                ("GET", "/v1/recommendations", "POST"), ("PUT", "/openapi.json", "GET, HEAD"),
                ("POST", "/", "GET, HEAD"),
            ] {
                let reply = try await RunningService.send(method, service.base + path)
                #expect(reply.status == 405, "\(method) \(path)")
                #expect(reply.headers["allow"] == allowed)
            }
            #expect(try await RunningService.send("DELETE", service.base + "/v1/nothing").status == 404)
            // The first answer says where it came from, the others that they were kept.
            _ = try await service.get("/v1/movies/1/similar")
            for path in ["/v1/movies/1/similar", "/openapi.json", "/readyz"] {
                let got = try await service.get(path)
                let head = try await RunningService.send("HEAD", service.base + path)
                #expect(head.status == 200 && head.body.isEmpty, "\(path)")
                #expect(head.headers["content-length"] == got.headers["content-length"], "\(path)")
            }
        }
    }

    @Test("a pinned version is answered by it or refused, and caches tell the two apart")
    func pin() async throws {
        try await withService { service in
            let version = try await Self.version(service)
            for path in [
                "/v1/movies/1/similar", "/v1/movies/1/similar?k=3&exact=true", "/v1/users/1/recommendations",
                "/v1/users/1",
            ] {
                let right = try await service.get(path, headers: ["X-Model-Version": version])
                #expect(right.status == 200, "\(path)")
                let wrong = try await service.get(path, headers: ["X-Model-Version": "another"])
                let problem: ProblemBody = try wrong.json()
                #expect(wrong.status == 412 && problem.field == "X-Model-Version", "\(path)")
                #expect(problem.detail.contains(version))
            }
            let fast = try await service.get("/v1/movies/1/similar")
            let slow = try await service.get("/v1/movies/1/similar?k=10&exact=false")
            for reply in [fast, slow] { #expect(reply.headers["vary"] == "X-Model-Version") }
        }
    }

    private static func version(_ service: RunningService) async throws -> String {
        struct Active: Decodable { let version: String }
        return (try await service.get("/v1/generations/active").json() as Active).version
    }
}
