import Foundation
import ModelBundle
import Postgres
import Retrieval
import Service
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct OverloadTests {
    /// Runs `body` while every connection of the service waits for a lock, so that no request gets anything from the database.
    private func withStuckDatabase(
        _ body: @Sendable (RunningService, ModelBundle) async throws -> Void
    ) async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            var configuration = ServiceConfiguration(databaseURL: database.url)
            configuration.cacheEntries = 0
            configuration.connections = 1
            configuration.queue = 2
            configuration.deadlineMilliseconds = 60_000
            configuration.search.statementTimeoutMilliseconds = 600_000
            try await RunningService.with(configuration) { service in
                // The one connection must be there to wait with.
                let target = "/v1/movies/\(database.bundle.items[0].id)/similar"
                try await service.waitUntilConnected(target)
                let other = try await TestServer.connect(database.url)
                try await other.execute("BEGIN; LOCK TABLE kindred.item_vectors_g1 IN ACCESS EXCLUSIVE MODE")
                try await body(service, database.bundle)
            }
        }
    }

    /// Sends requests that will wait for the database until as many are under way as may be. One that finds the queue
    /// full is answered, so a fixed number of them may be too few.
    private func fill(_ service: RunningService, _ bundle: ModelBundle, port: Int) async throws -> [RawConnection] {
        var waiting: [RawConnection] = []
        // The question for the metrics is one of them.
        while try await !service.get("/metrics").text.contains("\nkindred_http_requests_in_progress 4\n") {
            try #require(waiting.count < 300, "the service never had as many requests under way as it may")
            let connection = try RawConnection(port: port)
            let item = bundle.items[waiting.count % 5]
            try connection.send("GET /v1/movies/\(item.id)/similar HTTP/1.1\r\nHost: test\r\n\r\n")
            waiting.append(connection)
            try await Task.sleep(for: .milliseconds(50))
        }
        return waiting
    }

    @Test(
        "beyond its bound a list is exact, from memory and marked; what memory cannot give is refused with when to come back"
    )
    func beyondTheBound() async throws {
        try await withStuckDatabase { service, bundle in
            let port = try #require(URL(string: service.base)?.port)
            let waiting = try await fill(service, bundle, port: port)
            let path = "/v1/movies/\(bundle.items[5].id)/similar"
            let overflowing = try await service.get(path)
            let envelope: Envelope = try overflowing.json()
            let exact: Envelope = try await service.get("\(path)?engine=memory").json()
            #expect(overflowing.status == 200 && envelope.degraded && envelope.source == "memory")
            #expect(envelope.results.map(\.movieId) == exact.results.map(\.movieId))

            let refused = try await service.get("\(path)?ef_search=100", headers: ["X-Request-Id": "mine"])
            #expect(refused.status == 503)
            #expect(refused.headers["retry-after"] == "1")
            #expect(refused.headers["x-request-id"] == "mine")
            let problem: ProblemBody = try refused.json()
            #expect(problem.type == "/problems/overloaded")

            // Who watches it still can.
            for probe in ["/livez", "/readyz", "/metrics"] { #expect(try await service.get(probe).status == 200) }
            withExtendedLifetime(waiting) {}
        }
    }

    @Test("a client that will close the connection gets its refusal first")
    func closing() async throws {
        try await withStuckDatabase { service, bundle in
            let port = try #require(URL(string: service.base)?.port)
            let waiting = try await fill(service, bundle, port: port)
            let connection = try RawConnection(port: port)
            try connection.send("GET /v1/movies/1 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
            let answer = try await connection.receive()
            #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.lowercased().contains("connection: close"))
            #expect(answer.contains("/problems/overloaded"))
            withExtendedLifetime(waiting) {}
        }
    }
}
