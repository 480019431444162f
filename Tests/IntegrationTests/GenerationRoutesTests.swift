import Foundation
import Loading
import ModelBundle
import Postgres
import Service
import TestSupport
import Testing

/// `GET /v1/generations` and `GET /v1/generations/active`.
@Suite(.timeLimit(.minutes(20))) struct GenerationRoutesTests {
    private struct Record: Decodable {
        let generation: Int
        let state: String
        let model: String
        let version: String
        let contentHash: String?
        let items: Int?
        let users: Int?
        let interactions: Int?
        let dimensions: Int
        let storage: String
        let index: String
        let metrics: [String: Double]?
        let createdAt: String
        let loadedAt: String?
        let activatedAt: String?
        let degraded: Bool?
    }

    private struct List: Decodable {
        let generation: Int
        let requested: Int
        let returned: Int
        let total: Int
        let results: [Record]
    }

    @Test("generations are listed newest first, and the active one is the one that is served")
    func list() async throws {
        let bundle = try TrainedBundle.small()
        try await LoadedDatabase.with(bundle) { database in
            let connection = try await TestServer.connect(database.url)
            _ = try await Loader(connection, configuration: .init(url: database.url)).load(
                try TrainedBundle.small(seed: 2), .init(index: .ivfflat, activates: false))
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) { service in
                try await service.waitUntilConnected("/v1/movies/1/similar")
                let list: List = try await service.get("/v1/generations").json()
                #expect(list.generation == 1 && list.total == 2 && list.returned == 2 && list.requested == 20)
                #expect(list.results.map(\.generation) == [2, 1] && list.results.map(\.state) == ["ready", "active"])
                #expect(list.results.map(\.index) == ["ivfflat", "hnsw"])
                let one: List = try await service.get("/v1/generations?limit=1").json()
                #expect(one.results.map(\.generation) == [2] && one.total == 2)

                let reply = try await service.get("/v1/generations/active")
                let active: Record = try reply.json()
                #expect(active.generation == 1 && active.degraded == false && active.model == bundle.manifest.name)
                #expect(active.contentHash == bundle.manifest.contentHash && active.metrics == bundle.manifest.metrics)
                #expect(active.items == bundle.items.count && active.users == bundle.users.count)
                #expect(active.interactions == bundle.interactions.count && active.storage == "vector")
                #expect(active.createdAt == bundle.manifest.created.ISO8601Format())
                #expect(active.loadedAt?.hasSuffix("Z") == true && active.activatedAt?.hasSuffix("Z") == true)
                #expect(reply.headers["cache-control"] == "private, no-cache")
                let etag = try #require(reply.headers["etag"])
                #expect(try await service.get("/v1/generations/active", headers: ["If-None-Match": etag]).status == 304)
                for (path, field) in [
                    ("/v1/generations?limit=0", "limit"), ("/v1/generations?k=1", "k"),
                    ("/v1/generations/active?limit=1", "limit"),
                ] {
                    let reply = try await service.get(path)
                    #expect(try reply.status == 400 && reply.json(ProblemBody.self).field == field, "\(path)")
                }
            }
        }
    }

    @Test("without the database the active one is what memory knows, marked, and the list is a problem that passes")
    func outage() async throws {
        let bundle = try TrainedBundle.small()
        try await LoadedDatabase.with(bundle) { database in
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) { service in
                try await database.withoutConnections {
                    let active = try await service.get("/v1/generations/active")
                    let record: Record = try active.json()
                    #expect(record.generation == 1 && record.degraded == true && record.state == "active")
                    #expect(record.model == bundle.manifest.name && record.items == bundle.items.count)
                    #expect(record.createdAt == bundle.manifest.created.ISO8601Format() && record.metrics == nil)
                    #expect(active.headers["cache-control"] == "no-store" && active.headers["etag"] == nil)
                    let list = try await service.get("/v1/generations")
                    #expect(list.status == 503 && list.headers["retry-after"] != nil)
                    #expect(try list.json(ProblemBody.self).type == "/problems/unavailable")
                }
                try await eventually("the list comes back") { try await service.get("/v1/generations").status == 200 }
            }
        }
    }
}

extension LoadedDatabase {
    /// Runs `body` while nobody can connect to the database.
    func withoutConnections(_ body: () async throws -> Void) async throws {
        let name = String(try #require(url.split(separator: "/").last?.split(separator: "?").first))
        try await TestServer.administer("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
        try await TestServer.administer(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '\(name)'")
        try await body()
        try await TestServer.administer("ALTER DATABASE \(name) ALLOW_CONNECTIONS true")
    }
}
