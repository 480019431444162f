import Foundation
import Loading
import ModelBundle
import Postgres
import Service
import TestSupport
import Testing

/// `GET /v1/movies` against the bundle.
@Suite(.timeLimit(.minutes(20))) struct CatalogueTests {
    struct Page: Decodable {
        struct Movie: Decodable, Equatable {
            let movieId: Int32
            let title: String
            let year: Int?
            let genres: [String]
            let match: String?
        }

        struct Genre: Decodable, Equatable {
            let name: String
            let count: Int
        }

        struct Year: Decodable, Equatable {
            let year: Int
            let count: Int
        }

        let generation: Int
        let source: String
        let degraded: Bool
        let requested: Int
        let returned: Int
        let total: Int
        let results: [Movie]
        let nextCursor: String?
        let missing: [Int32]?
        let genres: [Genre]?
        let years: [Year]?
    }

    private func withService(
        _ bundle: ModelBundle, _ body: @Sendable (RunningService, LoadedDatabase) async throws -> Void
    ) async throws {
        try await LoadedDatabase.with(bundle) { database in
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) {
                try await body($0, database)
            }
        }
    }

    /// All pages of a list, one after the other.
    private func pages(_ query: String, _ service: RunningService) async throws -> [Page] {
        var pages: [Page] = []
        repeat {
            let cursor = pages.last?.nextCursor.map { "&cursor=\($0)" } ?? ""
            let reply = try await service.get("/v1/movies?\(query)\(cursor)")
            #expect(reply.status == 200, "\(query)\(cursor): \(reply.text)")
            pages.append(try reply.json())
        } while pages.last?.nextCursor != nil && pages.count < 1000
        return pages
    }

    /// The cursor behind the first `count` movies of a list.
    private func cursor(_ query: String, behind count: Int, _ service: RunningService) async throws -> String {
        var cursor: String?
        var left = count
        while left > 0 {
            let behind = cursor.map { "&cursor=\($0)" } ?? ""
            let page: Page = try await service.get("/v1/movies?\(query)&limit=\(min(left, 100))\(behind)").json()
            cursor = page.nextCursor
            left -= page.returned
        }
        return try #require(cursor)
    }

    private func year(_ item: CatalogueItem) -> Int? {
        (item.attributes["year"] ?? item.released.map { String($0.prefix(4)) }).flatMap { Int($0) }
    }

    @Test("the pages of a list are the whole list, in its order, and say how long it is", arguments: [1, 7, 100])
    func list(limit: Int) async throws {
        try await withService(try TrainedBundle.small()) { service, database in
            let bundle = database.bundle
            let interactions = Dictionary(grouping: bundle.interactions, by: \.item).mapValues(\.count)
            let popular = bundle.items.map(\.id).sorted {
                (interactions[$1] ?? 0, $0) < (interactions[$0] ?? 0, $1)
            }
            let genre = try #require(bundle.items.first?.tags.first)
            let isOf = Dictionary(uniqueKeysWithValues: bundle.items.map { ($0.id, $0.tags.contains(genre)) })
            for (query, wanted) in [
                ("sort=id", bundle.items.map(\.id)), ("sort=popular", popular),
                ("genre=\(genre)", bundle.items.map(\.id).filter { isOf[$0] == true }),
                ("sort=popular&genre=\(genre)", popular.filter { isOf[$0] == true }),
                ("ids=7,3,99999999,5,3", [7, 3, 5]),
            ] as [(String, [Int32])] {
                let pages = try await pages("\(query)&limit=\(limit)", service)
                #expect(pages.flatMap { $0.results.map(\.movieId) } == wanted, "\(query)")
                #expect(pages.allSatisfy { $0.total == wanted.count && $0.requested == limit }, "\(query)")
                #expect(pages.dropLast().allSatisfy { $0.returned == limit && $0.results.count == limit }, "\(query)")
                #expect(pages.allSatisfy { $0.source == "memory" && !$0.degraded && $0.generation == 1 })
            }
        }
    }

    @Test("ids come in the order given, and those that no movie has are named")
    func ids() async throws {
        try await withService(try TrainedBundle.small()) { service, database in
            let items = Dictionary(uniqueKeysWithValues: database.bundle.items.map { ($0.id, $0) })
            let all = Array(items.keys.shuffled().prefix(60))
            let page: Page = try await service.get(
                "/v1/movies?ids=" + (all + [99_999_999, 2_147_483_647]).map(String.init).joined(separator: ",")
            ).json()
            #expect(page.results.map(\.movieId) == all && page.returned == 60)
            #expect(page.missing == [99_999_999, 2_147_483_647])
            for movie in page.results {
                let item = try #require(items[movie.movieId])
                #expect(
                    movie
                        == .init(
                            movieId: item.id, title: item.title, year: year(item), genres: item.tags, match: nil))
            }
            let list: Page = try await service.get("/v1/movies").json()
            #expect(list.missing == nil && list.requested == 20)
        }
    }

    @Test("genres and years are counted over everything that the filters let through")
    func facets() async throws {
        try await withService(try TrainedBundle.small()) { service, database in
            let items = database.bundle.items
            let years = items.compactMap(year)
            let from = try #require(years.sorted().dropFirst(years.count / 3).first)
            for (query, isWanted) in [
                ("", { _ in true }), ("year_from=\(from)&", { item in (self.year(item) ?? 0) >= from }),
                ("ids=1,2,3,4,5&", { item in item.id <= 5 }), ("year_to=1&", { _ in false }),
            ] as [(String, (CatalogueItem) -> Bool)] {
                let page: Page = try await service.get("/v1/movies?\(query)facets=true&limit=1").json()
                let wanted = items.filter(isWanted)
                let genres = Dictionary(wanted.flatMap { item in item.tags.map { ($0, 1) } }, uniquingKeysWith: +)
                #expect(page.total == wanted.count, "\(query)")
                let sorted = genres.map { Page.Genre(name: $0, count: $1) }.sorted {
                    ($1.count, $0.name) < ($0.count, $1.name)
                }
                #expect(page.genres == sorted, "\(query)")
                let counts = Dictionary(wanted.compactMap { item in year(item).map { ($0, 1) } }, uniquingKeysWith: +)
                let ascending = counts.map { Page.Year(year: $0, count: $1) }.sorted { $0.year < $1.year }
                #expect(page.years == ascending, "\(query)")
            }
            let plain: Page = try await service.get("/v1/movies").json()
            #expect(plain.genres == nil && plain.years == nil)
        }
    }

    @Test("bad parameters and cursors are problems that name them")
    func problems() async throws {
        try await withService(try TrainedBundle.small()) { service, _ in
            let first: Page = try await service.get("/v1/movies?limit=2").json()
            let cursor = try #require(first.nextCursor)
            for (query, field) in [
                ("limit=0", "limit"), ("limit=101", "limit"), ("k=3", "k"), ("query=", "query"),
                ("query=" + String(repeating: "x", count: 201), "query"), ("sort=best", "sort"),
                ("sort=popular&query=star", "sort"), ("ids=1&sort=id", "sort"), ("ids=x", "ids"),
                ("genre=Akshun", "genre"),
                ("facets=1", "facets"), ("cursor=", "cursor"), ("cursor=x", "cursor"), ("cursor=\(cursor)x", "cursor"),
                ("cursor=\(cursor)%3D", "cursor"), ("cursor=\(cursor)&sort=popular", "cursor"),
                ("cursor=\(cursor)&query=star", "cursor"), ("year_from=2000&year_to=1990", "year_from"),
            ] {
                let reply = try await service.get("/v1/movies?\(query)")
                #expect(reply.status == 400, "\(query)")
                #expect(try reply.json(ProblemBody.self).field == field, "\(query)")
            }
            #expect(try await service.get("/v1/movies?query=%3F%3F").json(Page.self).total == 0)
        }
    }

    @Test("a browser that has the page gets 304")
    func conditional() async throws {
        try await withService(try TrainedBundle.small()) { service, _ in
            let first = try await service.get("/v1/movies?sort=popular&facets=true")
            let etag = try #require(first.headers["etag"])
            #expect(first.headers["cache-control"] == "public, max-age=60")
            #expect(first.headers["content-type"] == "application/json; charset=utf-8")
            let again = try await service.get("/v1/movies?sort=popular&facets=true", headers: ["If-None-Match": etag])
            #expect(again.status == 304 && again.body.isEmpty && again.headers["etag"] == etag)
            #expect(try await service.get("/v1/movies", headers: ["If-None-Match": etag]).status == 200)
        }
    }

    @Test("a cursor of one generation goes on in another, though its movie is gone there")
    func cursorOverSwitch() async throws {
        let (small, large) = (try TrainedBundle.small(), try await TrainedBundle.withRatingHead())
        try await TestServer.withDatabase { url in
            let connection = try await TestServer.connect(url)
            _ = try await Migrator(connection).migrate()
            let loader = Loader(connection, configuration: .init(url: url))
            _ = try await loader.load(large, .init())
            _ = try await loader.load(small, .init(activates: false))
            try await RunningService.with(ServiceConfiguration(databaseURL: url)) { service in
                // Ids count from 1.
                let (half, beyond) = (small.items.count / 2, small.items.count + 50)
                let order = try await pages("sort=popular&limit=100", service).flatMap { $0.results.map(\.movieId) }
                let place = try #require(order.firstIndex(of: Int32(half)))
                let kept = try await cursor("sort=id", behind: half, service)
                let gone = try await cursor("sort=id", behind: beyond, service)
                let popular = try await cursor("sort=popular", behind: place + 1, service)
                // Every title has this word, so that popularity alone decides.
                let search = try await cursor("query=generated", behind: place + 1, service)

                _ = try await Activation(connection).activate(2)
                try await eventually("generation 2 is served") {
                    try await service.get("/v1/movies").json(Page.self).generation == 2
                }
                let rest: Page = try await service.get("/v1/movies?sort=id&limit=100&cursor=\(kept)").json()
                #expect(rest.results.map(\.movieId) == small.items.map(\.id).filter { $0 > half })
                let none: Page = try await service.get("/v1/movies?sort=id&cursor=\(gone)").json()
                #expect(none.results.isEmpty && none.nextCursor == nil && none.total == small.items.count)
                let all = try await pages("sort=popular&limit=100", service).flatMap { $0.results.map(\.movieId) }
                let now = try #require(all.firstIndex(of: Int32(half)))
                for query in ["sort=popular&cursor=\(popular)", "query=generated&cursor=\(search)"] {
                    let behind: Page = try await service.get("/v1/movies?\(query)&limit=100").json()
                    #expect(behind.results.map(\.movieId) == Array(all.dropFirst(now + 1).prefix(100)), "\(query)")
                }
            }
        }
    }

    @Test(
        "what people type finds movies of MovieLens, filtered and page by page",
        .enabled(if: TrainedBundle.isPublishedAvailable))
    func search() async throws {
        try await withService(try await TrainedBundle.published().bundle) { service, database in
            for (query, title, match) in [
                ("star wars", "Star Wars (1977)", "title"), ("STAR%20WARS", "Star Wars (1977)", "title"),
                ("star+wars", "Star Wars (1977)", "title"), ("godfather%20the", "Godfather, The (1972)", "title"),
                ("mis%C3%A9rables", "Misérables, Les (1995)", "title"),
                ("miserables", "Misérables, Les (1995)", "title"),
                ("raiders%20of%20the%20l", "Raiders of the Lost Ark (1981)", "prefix"),
                ("rad%20raiders", nil, nil), ("pulp%20fictoin", "Pulp Fiction (1994)", "typo"),
                ("shcindlers%20list", "Schindler's List (1993)", "typo"), ("se7en", "Seven (Se7en) (1995)", "title"),
            ] as [(String, String?, String?)] {
                let reply = try await service.get("/v1/movies?query=\(query)&limit=8")
                let page: Page = try reply.json()
                #expect(page.results.first?.title == title && page.results.first?.match == match, "\(query)")
            }
            let all = try await pages("query=the&limit=100", service).flatMap(\.results)
            let parts = try await pages("query=the&limit=9&facets=true", service)
            #expect(parts.flatMap(\.results) == all && all.count == parts.first?.total)
            #expect(Set(all.map(\.movieId)).count == all.count)
            let years = try #require(parts.first?.years)
            #expect(years.reduce(0) { $0 + $1.count } == all.count { $0.year != nil })
            let dramas: Page = try await service.get("/v1/movies?query=the&genre=drama&year_from=1990&limit=100").json()
            #expect(
                dramas.results
                    == Array(
                        all.filter { $0.genres.contains("Drama") && ($0.year ?? 0) >= 1990 }.prefix(100)))
        }
    }
}
