import Foundation
import Loading
import ModelBundle
import Postgres
import Schema
import Service
import TestSupport
import Testing

/// `explain=true`: the parts add up, and the SQL gives the same rows.
@Suite(.timeLimit(.minutes(20))) struct ExplanationTests {
    private struct Explained: Decodable {
        struct Result: Decodable {
            struct Reason: Decodable {
                let movieId: Int32
                let contribution: Double
            }
            struct Parts: Decodable {
                let because: Double
                let everybody: Double
                let rest: Double
            }

            let movieId: Int32
            let score: Double?
            let because: [Reason]?
            let scoreParts: Parts?
        }
        struct Explanation: Decodable {
            let candidates: Int?
            let limit: Int?
            let efSearch: Int?
            let probes: Int?
            let plan: [String]?
            let sql: String
            let sqlGives: String
            let timingsMs: [String: Double]
        }

        let source: String
        let degraded: Bool
        let results: [Result]
        let explain: Explanation
    }

    private func with(
        index: IndexKind = .hnsw, storage: VectorStorage = .vector,
        _ body: @Sendable (RunningService, LoadedDatabase) async throws -> Void
    ) async throws {
        try await LoadedDatabase.with(try TrainedBundle.withRatingHead(), index: index, storage: storage) { database in
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) { service in
                try await service.waitUntilConnected("/v1/movies/\(database.bundle.items[0].id)/similar")
                try await body(service, database)
            }
        }
    }

    @Test("the parts of a score add up to it, and what is named is in the history")
    func parts() async throws {
        try await with { service, database in
            let bundle = database.bundle
            for user in bundle.users.prefix(10) {
                let history = Set(bundle.interactions.filter { $0.user == user.id }.map(\.item))
                let answer: Explained = try await service.get(
                    "/v1/users/\(user.id)/recommendations?explain=true&k=20"
                ).json()
                for result in answer.results {
                    let (score, parts) = (try #require(result.score), try #require(result.scoreParts))
                    let because = try #require(result.because)
                    #expect(abs(parts.because + parts.everybody + parts.rest - score) < 1e-3 * max(1, abs(score)))
                    #expect(abs(because.reduce(0) { $0 + $1.contribution } - parts.because) < 1e-9)
                    #expect(because.count <= 3 && because.allSatisfy { history.contains($0.movieId) })
                    #expect(because.map(\.contribution) == because.map(\.contribution).sorted(by: >))
                    #expect(because.allSatisfy { $0.contribution > 0 })
                }
            }
        }
    }

    @Test("the parts of a folded score add up too, dislikes among them")
    func foldedParts() async throws {
        try await with { service, database in
            let ids = database.bundle.items.map(\.id)
            let answer: Explained = try await service.post(
                "/v1/recommendations",
                #"{"liked": [\#(ids[3]), \#(ids[8])], "disliked": [\#(ids[40])], "explain": true}"#
            ).json()
            #expect(answer.results.count == 10)
            for result in answer.results {
                let (score, parts) = (try #require(result.score), try #require(result.scoreParts))
                #expect(abs(parts.because + parts.everybody + parts.rest - score) < 1e-3 * max(1, abs(score)))
                #expect(Set(try #require(result.because).map(\.movieId)).isSubset(of: [ids[3], ids[8], ids[40]]))
            }
        }
    }

    @Test(
        "the SQL of an explanation gives the answer's rows in a session of its own",
        arguments: [
            (IndexKind.hnsw, VectorStorage.vector), (.hnsw, .halfvec), (.hnsw, .bit), (.ivfflat, .vector),
            (.none, .vector),
        ])
    func sql(index: IndexKind, storage: VectorStorage) async throws {
        try await with(index: index, storage: storage) { service, database in
            let bundle = database.bundle
            let (movie, user) = (bundle.items[5].id, bundle.users[3].id)
            let tag = bundle.items[7].tags[0].addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
            let left = bundle.items[..<3].map { "\($0.id)" }.joined(separator: ",")
            var queries = [
                "", "k=37", "engine=memory", "exact=true", "rerank=none", "genre=\(tag)&engine=pgvector",
                "genre=\(tag)&engine=memory", "year_from=1990&k=5", "exclude=\(left)", "ids=\(left),99&engine=memory",
            ]
            if index == .hnsw, storage == .vector { queries.append("ef_search=20") }
            let connection = try await TestServer.connect(database.url)
            for query in queries {
                for path in [
                    "/v1/movies/\(movie)/similar", "/v1/users/\(user)/recommendations",
                    "/v1/users/2147483647/recommendations",
                ] {
                    let reply = try await service.get("\(path)?explain=true&\(query)")
                    #expect(reply.status == 200 && reply.headers["cache-control"] == "no-store", "\(reply.text)")
                    let answer: Explained = try reply.json()
                    #expect(!answer.degraded && answer.explain.sqlGives == "results")
                    #expect(answer.explain.plan?.isEmpty == false && answer.explain.timingsMs["total"] != nil)
                    let rows = try await Self.rows(answer.explain.sql, on: connection)
                    #expect(
                        rows == answer.results.map(\.movieId),
                        "\(path)?\(query) by \(answer.source): \(answer.explain.sql)\n\(answer.explain.plan ?? [])")
                }
            }
        }
    }

    /// Runs the script statement by statement, as psql would.
    private static func rows(_ script: String, on connection: Connection) async throws -> [Int32] {
        var rows: [Int32] = []
        for statement in script.split(separator: ";\n").map({ String($0) }) {
            let result = try await connection.query(statement)
            if result.rowCount > 0 { rows = try (0..<result.rowCount).map { try result.int32($0, 0) } }
        }
        return rows
    }

    @Test("an explanation names what was searched, and for a re-ranked list gives the SQL of its candidates")
    func searched() async throws {
        try await with { service, database in
            let user = database.bundle.users[3].id
            let plain: Explained = try await service.get("/v1/users/\(user)/recommendations?explain=true&k=10").json()
            #expect(plain.source == "pgvector" && plain.explain.efSearch == 64 && plain.explain.limit == 16)
            #expect(plain.explain.candidates == 16)
            #expect(plain.explain.plan?.contains { $0.contains("item_vectors_g") } == true)
            #expect(plain.explain.timingsMs["database"] != nil && plain.explain.timingsMs["queue"] != nil)
            let reranked: Explained = try await service.get(
                "/v1/users/\(user)/recommendations?explain=true&rerank=model"
            ).json()
            #expect(reranked.explain.sqlGives == "candidates" && reranked.explain.timingsMs["model"] != nil)
            let connection = try await TestServer.connect(database.url)
            let rows = try await Self.rows(reranked.explain.sql, on: connection)
            #expect(Set(reranked.results.map(\.movieId)).isSubset(of: rows))
        }
    }
}
