import Foundation
import Loading
import ModelBundle
import Service
import TestSupport
import Testing

/// Lists of more than a hundred, page by page.
@Suite(.timeLimit(.minutes(20))) struct PagingTests {
    private func withService(
        _ bundle: ModelBundle, _ body: @Sendable (RunningService, ModelBundle) async throws -> Void
    ) async throws {
        try await LoadedDatabase.with(bundle) { database in
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) { service in
                try await service.waitUntilConnected("/v1/movies/\(bundle.items[0].id)/similar")
                try await body(service, database.bundle)
            }
        }
    }

    /// All pages, one after the other.
    private func pages(_ path: String, k: Int, _ service: RunningService) async throws -> [Envelope] {
        var pages: [Envelope] = []
        var next: Int? = 0
        while let offset = next {
            let reply = try await service.get("\(path)\(path.contains("?") ? "&" : "?")k=\(k)&offset=\(offset)")
            #expect(reply.status == 200, "\(path): \(reply.text)")
            let page: Envelope = try reply.json()
            #expect(page.offset == offset && page.requested == k && page.returned == page.results.count)
            #expect(page.results.map(\.rank) == Array((offset + 1)..<(offset + 1 + page.returned)))
            #expect(page.nextOffset == nil || page.returned == k)
            pages.append(page)
            next = page.nextOffset
        }
        return pages
    }

    @Test("the pages of a list are the exact list, from every engine, as far as an offset goes", arguments: [37, 100])
    func whole(k: Int) async throws {
        try await withService(try TrainedBundle.wide()) { service, bundle in
            let oracle = BruteForce(bundle)
            let norm = bundle.manifest.geometry.maximumNorm
            for row in [0, 17, 63] {
                for (path, exact, norm) in [
                    (
                        "/v1/users/\(bundle.users[row].id)/recommendations",
                        oracle.ranked(userRow: row, count: bundle.items.count), norm
                    ),
                    (
                        "/v1/movies/\(bundle.items[row].id)/similar",
                        oracle.ranked(itemRow: row, count: bundle.items.count), 1
                    ),
                ] {
                    for choice in ["", "?engine=auto", "?engine=memory", "?engine=pgvector", "?exact=true"] {
                        let pages = try await pages(path + choice, k: k, service)
                        let results = pages.flatMap(\.results)
                        // The last page that may be asked for begins at 1,000 at most.
                        let reachable = min(exact.count, 1000 / k * k + k)
                        #expect(results.count == reachable, "\(path)\(choice)")
                        #expect(Set(results.map(\.movieId)).count == results.count, "\(path)\(choice)")
                        FilterTests.expectOrder(results, exact, norm: norm, path + choice)
                    }
                }
            }
        }
    }

    @Test("pages are of what filters let through and of what a user would like")
    func kinds() async throws {
        try await withService(try await TrainedBundle.withRatingHead()) { service, bundle in
            let genre = try #require(bundle.items.first?.tags.first)
            let user = "/v1/users/\(bundle.users[0].id)/recommendations"
            for path in ["\(user)?genre=\(genre)", "\(user)?rerank=model", "\(user)?rerank=model&seen=include"] {
                let whole = try await pages(path, k: 100, service).flatMap(\.results)
                let parts = try await pages(path, k: 7, service).flatMap(\.results)
                #expect(whole.count > 7 && parts.map(\.movieId) == whole.map(\.movieId), "\(path)")
                #expect(parts.map(\.predictedRating) == whole.map(\.predictedRating), "\(path)")
            }
            let first: Envelope = try await service.get("\(user)?rerank=model&k=100&engine=memory").json()
            let paged: Envelope = try await service.get("\(user)?rerank=model&k=100&offset=0").json()
            #expect(first.results.map(\.movieId) == paged.results.map(\.movieId))
            #expect(first.offset == nil && first.nextOffset == nil && paged.nextOffset == 100)
        }
    }

    @Test("a page beyond the end is empty, and an offset that cannot be is a problem")
    func edges() async throws {
        try await withService(try TrainedBundle.small()) { service, _ in
            let beyond: Envelope = try await service.get("/v1/movies/1/similar?offset=1000").json()
            #expect(beyond.results.isEmpty && beyond.nextOffset == nil && beyond.offset == 1000)
            let again: Envelope = try await service.get("/v1/movies/1/similar?offset=10").json()
            let cached: Envelope = try await service.get("/v1/movies/1/similar?offset=10").json()
            #expect(cached.source == "cache" && cached.results.map(\.rank) == again.results.map(\.rank))
            for (query, field) in [
                ("offset=-1", "offset"), ("offset=1001", "offset"), ("offset=x", "offset"),
                ("offset=0&ef_search=40", "ef_search"), ("offset=0&diversity=0.5", "diversity"),
                ("offset=0&explain=true", "explain"), ("offset=0&oversampling=2&engine=pgvector", "oversampling"),
            ] {
                let reply = try await service.get("/v1/movies/1/similar?\(query)")
                #expect(try reply.status == 400 && reply.json(ProblemBody.self).field == field, "\(query)")
            }
        }
    }
}
