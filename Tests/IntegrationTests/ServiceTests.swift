import Foundation
import Kernels
import Loading
import ModelBundle
import Postgres
import Retrieval
import Service
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct ServiceTests {
    private func withService(
        _ adjust: (inout ServiceConfiguration) -> Void = { _ in }, bundle: ModelBundle? = nil,
        _ body: @Sendable (RunningService, LoadedDatabase) async throws -> Void
    ) async throws {
        var configuration = ServiceConfiguration(databaseURL: "")
        adjust(&configuration)
        let fixed = configuration
        try await LoadedDatabase.with(try bundle ?? TrainedBundle.small()) { database in
            var configuration = fixed
            configuration.databaseURL = database.url
            try await RunningService.with(configuration) { service in try await body(service, database) }
        }
    }

    @Test("a movie, its neighbours and a user's recommendations come with titles and the generation")
    func answers() async throws {
        try await withService { service, database in
            let item = database.bundle.items[4]
            let movie = try await service.get("/v1/movies/\(item.id)")
            #expect(movie.status == 200)
            #expect(movie.headers["content-type"] == "application/json; charset=utf-8")
            #expect(movie.text.contains("\"title\":\"\(item.title)\""))

            let similar: Envelope = try await service.get("/v1/movies/\(item.id)/similar?k=7").json()
            #expect(similar.requested == 7 && similar.returned == 7 && similar.results.count == 7)
            #expect(similar.generation == 1 && similar.source == "pgvector" && !similar.degraded)
            #expect(similar.results.map(\.rank) == Array(1...7))
            let titles = Dictionary(uniqueKeysWithValues: database.bundle.items.map { ($0.id, $0.title) })
            for result in similar.results {
                #expect(result.title == titles[result.movieId] && result.movieId != item.id)
                // Unit vectors: the cosine follows from the distance.
                let (distance, score) = (try #require(result.distance), try #require(result.score))
                #expect(abs(score - (1 - distance * distance / 2)) < 1e-9)
            }

            let user = database.bundle.users[3].id
            let seen = Set(database.bundle.interactions.filter { $0.user == user }.map(\.item))
            let recommended: Envelope = try await service.get("/v1/users/\(user)/recommendations").json()
            #expect(recommended.returned == 10)
            #expect(seen.isDisjoint(with: recommended.results.map(\.movieId)))
        }
    }

    @Test("a score is the model's inner product")
    func scores() async throws {
        try await withService { service, database in
            let bundle = database.bundle
            let reply: Envelope = try await service.get("/v1/users/\(bundle.users[0].id)/recommendations").json()
            for result in reply.results {
                let row = try #require(bundle.items.firstIndex { $0.id == result.movieId })
                let product = zip(bundle.userVectors[0], bundle.itemVectors[row])
                    .reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                #expect(abs(try #require(result.score) - product) < 1e-3 * max(1, abs(product)))
            }
        }
    }

    @Test("bad input is a problem that names the field")
    func problems() async throws {
        let cases: [(path: String, status: Int, field: String?)] = [
            ("/v1/movies/1/similar?k=0", 400, "k"), ("/v1/movies/1/similar?k=101", 400, "k"),
            ("/v1/movies/1/similar?k=ten", 400, "k"), ("/v1/movies/1/similar?k=", 400, "k"),
            ("/v1/movies/1/similar?k=1&k=2", 400, "k"), ("/v1/movies/1/similar?kk=3", 400, "kk"),
            ("/v1/movies/star-wars/similar", 400, "movie_id"), ("/v1/movies/0", 400, "movie_id"),
            ("/v1/movies/99999999999", 400, "movie_id"), ("/v1/users/-1/recommendations", 400, "user_id"),
            ("/v1/movies/1?k=3", 400, "k"), ("/v1/movies/2147483647", 404, nil),
            ("/v1/movies/2147483647/similar", 404, nil), ("/v1/users/0/recommendations", 400, "user_id"),
            ("/v1/nothing", 404, nil), ("/v1/movies/1/similar?engine=magic", 400, "engine"),
            ("/v1/movies/1/similar?exact=1", 400, "exact"), ("/v1/movies/1/similar?rerank=best", 400, "rerank"),
            ("/v1/movies/1/similar?ef_search=0", 400, "ef_search"),
            ("/v1/movies/1/similar?ef_search=40&engine=memory", 400, "ef_search"),
            ("/v1/users/1/recommendations?ef_search=40&exact=true", 400, "ef_search"),
            ("/v1/users/1/recommendations?diversity=1.1", 400, "diversity"),
            ("/v1/users/1/recommendations?diversity=0.5&rerank=model", 400, "diversity"),
            ("/v1/movies/1/similar?explain=yes", 400, "explain"),
        ]
        try await withService { service, _ in
            for (path, status, field) in cases {
                let reply = try await service.get(path)
                #expect(reply.status == status, "\(path)")
                #expect(reply.headers["content-type"] == "application/problem+json", "\(path)")
                let problem: ProblemBody = try reply.json()
                #expect(problem.status == status && problem.field == field, "\(path)")
                #expect(reply.headers["cache-control"] == (status == 404 ? "max-age=5" : nil), "\(path)")
                #expect(problem.type.hasPrefix("/problems/") && !problem.title.isEmpty && !problem.detail.isEmpty)
            }
        }
    }

    @Test("a bad deadline header is a problem; a good one is obeyed")
    func deadlineHeader() async throws {
        try await withService { service, _ in
            let bad: ProblemBody = try await service.get(
                "/v1/movies/1/similar", headers: ["X-Deadline-Ms": "soon"]
            ).json()
            #expect(bad.status == 400 && bad.field == "X-Deadline-Ms")
            #expect(try await service.get("/v1/movies/1/similar", headers: ["X-Deadline-Ms": "400"]).status == 200)
        }
    }

    @Test("a request's id comes back; an unfit one is replaced")
    func requestID() async throws {
        try await withService { service, _ in
            let kept = try await service.get("/livez", headers: ["X-Request-Id": "abc-1.2:3"])
            #expect(kept.headers["x-request-id"] == "abc-1.2:3")
            let replaced = try await service.get("/livez", headers: ["X-Request-Id": "a b\"c"])
            let made = try #require(replaced.headers["x-request-id"])
            #expect(made.wholeMatch(of: /[0-9a-f]{16}-[0-9a-f]{16}/) != nil, "\(made)")
            let next = try await service.get("/livez")
            #expect(next.headers["x-request-id"] != made)
        }
    }

    @Test("the engine, the plan, ef and the order are the request's to choose, and exact answers agree")
    func options() async throws {
        try await withService { service, database in
            for path in ["/v1/movies/3/similar", "/v1/users/3/recommendations"] {
                let standard: Envelope = try await service.get(path).json()
                let memory: Envelope = try await service.get("\(path)?engine=memory").json()
                #expect(memory.source == "memory" && !memory.degraded)
                let cached: Envelope = try await service.get("\(path)?engine=memory").json()
                #expect(cached.source == "cache")
                for choice in ["exact=true", "rerank=none&exact=true", "ef_search=200", "rerank=none"] {
                    let chosen: Envelope = try await service.get("\(path)?\(choice)").json()
                    #expect(chosen.source == "pgvector", "\(choice)")
                    #expect(chosen.results.map(\.movieId) == memory.results.map(\.movieId), "\(choice)")
                    #expect(chosen.results.map(\.distance) == memory.results.map(\.distance), "\(choice)")
                }
                #expect(standard.results.count == memory.results.count)
            }
        }
    }

    @Test("a client that has the answer is told so, whether it was computed or cached")
    func conditional() async throws {
        try await withService { service, _ in
            let path = "/v1/movies/3/similar"
            let first = try await service.get(path)
            let etag = try #require(first.headers["etag"])
            #expect(etag.hasPrefix("W/\""))
            #expect(first.headers["cache-control"] == "public, max-age=60")
            for known in [etag, "\"other\", \(etag)", "*", String(etag.dropFirst(2))] {
                let again = try await service.get(path, headers: ["If-None-Match": known])
                #expect(again.status == 304 && again.body.isEmpty && again.headers["etag"] == etag, "\(known)")
            }
            #expect(try await service.get(path, headers: ["If-None-Match": "\"other\""]).status == 200)
            let other = try await service.get("/v1/movies/4/similar", headers: ["If-None-Match": etag])
            #expect(other.status == 200 && other.headers["etag"] != etag)
            let personal = try await service.get("/v1/users/3/recommendations")
            #expect(personal.headers["cache-control"] == "private, no-cache")
        }
    }

    @Test("the second answer comes from the cache and differs in nothing else")
    func cache() async throws {
        try await withService { service, _ in
            let first: Envelope = try await service.get("/v1/movies/3/similar").json()
            let second: Envelope = try await service.get("/v1/movies/3/similar").json()
            #expect(first.source == "pgvector" && second.source == "cache")
            #expect(first.results.map(\.movieId) == second.results.map(\.movieId))
            let other: Envelope = try await service.get("/v1/movies/3/similar?k=9").json()
            #expect(other.source == "pgvector")
            let metrics = try await service.get("/metrics").text
            #expect(metrics.contains("\nkindred_cache_hits_total 1\n"))
        }
    }

    @Test("without entries the cache is off")
    func cacheOff() async throws {
        try await withService({ $0.cacheEntries = 0 }) { service, _ in
            for _ in 0..<2 {
                let reply: Envelope = try await service.get("/v1/movies/3/similar").json()
                #expect(reply.source == "pgvector")
            }
        }
    }

    @Test("probes answer, and metrics count what was asked by pattern, never by id")
    func operations() async throws {
        try await withService { service, _ in
            #expect(try await service.get("/livez").status == 200)
            let ready = try await service.get("/readyz")
            #expect(ready.status == 200 && ready.text.contains("\"status\":\"ready\""))
            for id in [1, 2, 3] { _ = try await service.get("/v1/movies/\(id)/similar") }
            _ = try await service.get("/v1/movies/2147483647")
            let metrics = try await service.get("/metrics")
            #expect(metrics.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            let text = metrics.text
            let similar = #"{method="GET",route="/v1/movies/{movie_id}/similar",status="200"}"#
            #expect(text.contains("kindred_http_request_duration_seconds_count\(similar) 3\n"))
            let missing = #"{method="GET",route="/v1/movies/{movie_id}",status="404"}"#
            #expect(text.contains("kindred_http_request_duration_seconds_count\(missing) 1\n"))
            #expect(text.contains(#"kindred_stage_duration_seconds_count{route="similar",stage="database"} 3"#))
            #expect(text.contains("kindred_active_generation_info{"))
            #expect(!text.contains("2147483647"))
        }
    }

    @Test("a cold user gets popular movies, marked; a cold movie is never recommended")
    func cold() async throws {
        let bundle = try TrainedBundle.small().withColdUserAndItem()
        try await withService(bundle: bundle) { service, database in
            let cold = try #require(database.bundle.coldUsers.first)
            let reply: Envelope = try await service.get("/v1/users/\(cold)/recommendations?k=5").json()
            #expect(reply.returned == 5)
            #expect(reply.results.allSatisfy { $0.source == "popular" && $0.distance == nil })
            let item = try #require(database.bundle.coldItems.first)
            for user in database.bundle.users.prefix(20) {
                let all: Envelope = try await service.get("/v1/users/\(user.id)/recommendations?k=100").json()
                #expect(!all.results.contains { $0.movieId == item && $0.source == "vector" })
            }
        }
    }

    @Test("while the database is away every answer comes from memory, marked; then it comes back")
    func outage() async throws {
        try await withService({ $0.cacheEntries = 0 }) { service, database in
            let name = try #require(database.url.split(separator: "/").last?.split(separator: "?").first)
            let before: Envelope = try await service.get("/v1/movies/3/similar").json()
            try await TestServer.administer("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
            try await TestServer.administer(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '\(name)'")
            for _ in 0..<20 {
                let during: Envelope = try await service.get("/v1/movies/3/similar").json()
                #expect(during.degraded && during.source == "memory")
                #expect(during.results.map(\.movieId) == before.results.map(\.movieId))
            }
            let ready = try await service.get("/readyz")
            #expect(ready.status == 200 && ready.text.contains("\"status\":\"degraded\""))
            try await TestServer.administer("ALTER DATABASE \(name) ALLOW_CONNECTIONS true")
            var source = ""
            for _ in 0..<100 where source != "pgvector" {
                try await Task.sleep(for: .milliseconds(50))
                let after: Envelope = try await service.get("/v1/movies/3/similar").json()
                source = after.source
            }
            #expect(source == "pgvector", "back within 5 s")
        }
    }

    @Test("clients that connect while the service stops do not end its process")
    func connectingWhileStopping() async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            for _ in 0..<20 {
                let clients = try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) {
                    service in
                    let port = try #require(URL(string: service.base)?.port)
                    // Threads of their own, because they must not wait for a place in the service's pool.
                    let clients = (0..<4).map { _ in ConnectingClient(port: port) }
                    try await Task.sleep(for: .milliseconds(50))
                    await service.stop()
                    return clients
                }
                for client in clients { client.stop() }
            }
        }
    }

    @Test("a request under way when the service is told to stop is answered")
    func gracefulStop() async throws {
        try await withService({ $0.deadlineMilliseconds = 20_000 }) { service, database in
            // On a busy machine the pool's first connection may take more than one attempt.
            try await service.waitUntilConnected("/v1/movies/4/similar")
            let blocker = try await TestServer.connect(database.url)
            try await blocker.execute("BEGIN; LOCK TABLE kindred.item_vectors_g1")
            let reply = Task { try await service.get("/v1/movies/3/similar") }
            let waiting = """
                SELECT count(*) FROM pg_stat_activity
                WHERE application_name = 'kindred-serve' AND wait_event_type = 'Lock' AND datname = current_database()
                """
            try await eventually("the statement waits") { try await blocker.query(waiting).int64(0, 0) > 0 }
            let idle = try RawConnection(port: try #require(URL(string: service.base)?.port))
            // The connection is accepted; one that is not yet is reset.
            try idle.send("GET /livez HTTP/1.1\r\nHost: test\r\n\r\n")
            _ = try await idle.receive { $0.hasSuffix("ok\n") }
            await service.stop()
            // Whatever is sent is answered, until an answer says that it is the last.
            var answer = ""
            while !answer.contains("\r\nConnection: close\r\n") {
                try idle.send("GET /livez HTTP/1.1\r\nHost: test\r\n\r\n")
                answer = try await idle.receive { $0.hasSuffix("ok\n") }
                #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
                if answer.isEmpty { break }
            }
            try await Task.sleep(for: .milliseconds(200))
            try await blocker.execute("COMMIT")
            let delayed = try await reply.value
            #expect(delayed.status == 200)
            #expect(try delayed.json(Envelope.self).source == "pgvector")
            await #expect(throws: (any Error).self) { try await service.get("/livez") }
        }
    }

    @Test("a database that is not there, is empty or has no generation stops the start with what is wrong")
    func noDatabase() async throws {
        await #expect {
            try await RunningService.with(.init(databaseURL: "postgresql://x@127.0.0.1:1/x")) { _ in }
        } throws: { ($0 as? PostgresError)?.code == .connection }
        try await TestServer.withDatabase { url in
            await #expect { try await RunningService.with(.init(databaseURL: url)) { _ in } } throws: {
                // 42P01: the schema is not there; `kindred serve` checks for it first and says so.
                ($0 as? PostgresError)?.sqlState == "42P01"
            }
        }
    }
}

extension ModelBundle {
    /// The same bundle with one more user and one more item, of whom nothing is known.
    fileprivate func withColdUserAndItem() throws -> ModelBundle {
        var content = content
        content.items.append(
            CatalogueItem(id: 9_001, title: "Unrated (1999)", released: nil, tags: [], attributes: [:]))
        content.users.append(CatalogueUser(id: 9_001, attributes: [:]))
        content.itemVectors = content.itemVectors.withZeroRow()
        content.similarity = content.similarity.withZeroRow()
        content.encoder = content.encoder.withZeroRow()
        content.genreRows = content.genreRows.withZeroRow()
        content.userVectors = content.userVectors.withZeroRow()
        return try ModelBundle(name: "cold", dataset: manifest.dataset, geometry: manifest.geometry, content: content)
    }
}

extension FloatMatrix {
    fileprivate func withZeroRow() -> FloatMatrix {
        withUnsafeBufferPointer {
            FloatMatrix(rows: rows + 1, columns: columns, values: Array($0) + Array(repeating: 0, count: columns))
        }
    }
}

/// Opens connections and closes them, one after the other.
private final class ConnectingClient: Sendable {
    private let isStopped = Atomic(false)

    init(port: Int) {
        Thread.detachNewThread { [self] in
            while !isStopped.load(ordering: .relaxed) { _ = try? RawConnection(port: port) }
        }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }
}
