import Foundation
import Loading
import ModelBundle
import Postgres
import Retrieval
import Schema
import Service
import TestSupport
import Testing

/// Filters and exclusions against brute force over the bundle.
@Suite(.timeLimit(.minutes(20))) struct FilterTests {
    /// A request's filter and, from the bundle alone, which items it lets through.
    private struct Filter {
        private(set) var query: [String] = []
        private var conditions: [@Sendable (Item) -> Bool] = []

        struct Item {
            let id: Int32
            let tags: Set<String>
            let year: Int?
        }

        static func random(_ items: [Item], using random: inout some RandomNumberGenerator) -> Filter {
            var filter = Filter()
            if Bool.random(using: &random) {
                let tags = Set(items.flatMap(\.tags)).sorted().shuffled(using: &random)
                    .prefix(.random(in: 1...3, using: &random))
                // Case makes no difference.
                filter.query.append("genre=" + tags.map { $0.lowercased() }.joined(separator: ",").encoded)
                filter.conditions.append { !$0.tags.isDisjoint(with: tags) }
            }
            if Bool.random(using: &random) {
                let first = Int.random(in: 1920...1998, using: &random)
                let last = Int.random(in: first...2000, using: &random)
                filter.query += ["year_from=\(first)", "year_to=\(last)"]
                filter.conditions.append { $0.year.map { first...last ~= $0 } ?? false }
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                let ids = items.shuffled(using: &random).prefix(.random(in: 1...200, using: &random)).map(\.id)
                filter.query.append("ids=" + (ids + [99_999_999]).map(String.init).joined(separator: ","))
                filter.conditions.append { Set(ids).contains($0.id) }
            }
            if Int.random(in: 0..<3, using: &random) == 0 {
                let ids = items.shuffled(using: &random).prefix(.random(in: 1...200, using: &random)).map(\.id)
                filter.query.append("exclude=" + ids.map(String.init).joined(separator: ","))
                filter.conditions.append { !Set(ids).contains($0.id) }
            }
            return filter
        }

        func allows(_ item: Item) -> Bool { conditions.allSatisfy { $0(item) } }
    }

    private static func items(of bundle: ModelBundle) -> [Filter.Item] {
        bundle.items.map { item in
            let year = item.attributes["year"] ?? item.released.map { String($0.prefix(4)) }
            return .init(id: item.id, tags: Set(item.tags), year: year.flatMap { Int($0) })
        }
    }

    @Test(
        "whatever is filtered, k items come whenever k exist, in the exact order, from every engine",
        arguments: [IndexKind.hnsw, .ivfflat, .none])
    func property(index: IndexKind) async throws {
        try await LoadedDatabase.with(try TrainedBundle.wide(), index: index) { database in
            var configuration = ServiceConfiguration(databaseURL: database.url)
            configuration.cacheEntries = 0
            try await RunningService.with(configuration) { service in
                let (bundle, oracle) = (database.bundle, BruteForce(database.bundle))
                let items = Self.items(of: bundle)
                let byID = Dictionary(uniqueKeysWithValues: items.map { ($0.id, $0) })
                var random = SystemRandomNumberGenerator()
                for _ in 0..<400 {
                    let filter = Filter.random(items, using: &random)
                    let k = Int.random(in: 1...100, using: &random)
                    let isOfUser = Bool.random(using: &random)
                    let includesSeen = isOfUser && Bool.random(using: &random)
                    let row = Int.random(
                        in: 0..<(isOfUser ? bundle.users.count : bundle.items.count), using: &random)
                    let engine = ["", "engine=auto", "engine=pgvector", "engine=memory"].randomElement()!
                    let query =
                        (filter.query + ["k=\(k)", engine] + (includesSeen ? ["seen=include"] : []))
                        .filter { !$0.isEmpty }.joined(separator: "&")
                    let path =
                        isOfUser
                        ? "/v1/users/\(bundle.users[row].id)/recommendations?\(query)"
                        : "/v1/movies/\(bundle.items[row].id)/similar?\(query)"
                    let reply = try await service.get(path)
                    #expect(reply.status == 200, "\(path): \(reply.text)")
                    let answer: Envelope = try reply.json()
                    // Without a vector to ask with the popular ones come, which have no distance.
                    guard answer.results.first?.source != "popular" else {
                        #expect(answer.results.allSatisfy { byID[$0.movieId].map(filter.allows) ?? false }, "\(path)")
                        continue
                    }
                    let exact =
                        isOfUser
                        ? oracle.ranked(
                            userRow: row, count: items.count, includesSeen: includesSeen,
                            where: { byID[$0].map(filter.allows) ?? false })
                        : oracle.ranked(
                            itemRow: row, count: items.count, where: { byID[$0].map(filter.allows) ?? false })
                    #expect(answer.returned == min(k, exact.count), "\(path)")
                    #expect(Set(answer.results.map(\.movieId)).count == answer.returned, "\(path)")
                    let distances = answer.results.compactMap(\.distance)
                    #expect(distances == distances.sorted(), "\(path)")
                    if answer.source == "memory" || index == .none {
                        Self.expectOrder(
                            answer.results, exact, norm: isOfUser ? bundle.manifest.geometry.maximumNorm : 1, path)
                    } else {
                        #expect(Set(answer.results.map(\.movieId)).isSubset(of: exact.map(\.id)), "\(path)")
                    }
                }
                let metrics = try await service.get("/metrics").text
                #expect(metrics.contains("\nkindred_results_shortfall_total 0\n"))
                #expect(metrics.contains("\nkindred_degraded_answers_total 0\n"))
            }
        }
    }

    /// The exact order, but that items may stand for each other whose distances are the same in single precision.
    static func expectOrder(
        _ results: [Envelope.Result], _ exact: [BruteForce.Ranked], norm: Double, _ path: String
    ) {
        let products = Dictionary(uniqueKeysWithValues: exact.map { ($0.id, $0.product) })
        for (result, wanted) in zip(results, exact) where result.movieId != wanted.id {
            guard let product = products[result.movieId] else {
                Issue.record("movie \(result.movieId) should not be there: \(path)")
                continue
            }
            // d² = 2 norm² − 2 product, and d may differ by 1e-6 of itself.
            let square = 2 * norm * norm - 2 * wanted.product
            #expect(abs(product - wanted.product) <= 1e-6 * square, "movie \(result.movieId): \(path)")
        }
    }

    @Test("a filter that lets nothing through is answered with nothing, and one that means nothing is refused")
    func edges() async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) { service in
                let target = "/v1/movies/\(database.bundle.items[0].id)/similar"
                for query in ["ids=99999999", "year_from=1&year_to=2", "ids=\(database.bundle.items[0].id)"] {
                    let answer: Envelope = try await service.get("\(target)?\(query)").json()
                    #expect(answer.returned == 0 && answer.requested == 10, "\(query)")
                }
                for (query, field) in [
                    ("genre=Akshun", "genre"), ("genre=", "genre"), ("genre=Drama,", "genre"), ("ids=", "ids"),
                    ("ids=1,x", "ids"), ("ids=0", "ids"), ("exclude=-1", "exclude"), ("year_from=x", "year_from"),
                    ("year_from=1990&year_to=1980", "year_from"), ("seen=include", "seen"),
                    ("recall_target=1.1", "recall_target"), ("recall_target=nan", "recall_target"),
                    ("recall_target=.9&ef_search=10", "ef_search"), ("probes=0", "probes"),
                    ("ids=" + (1...1001).map(String.init).joined(separator: ","), "ids"),
                ] {
                    let reply = try await service.get("\(target)?\(query)")
                    #expect(reply.status == 400, "\(query)")
                    #expect(try reply.json(ProblemBody.self).field == field, "\(query)")
                }
                let unknown: ProblemBody = try await service.get("\(target)?genre=Akshun").json()
                #expect(unknown.detail.contains("Action"))
                let user = "/v1/users/\(database.bundle.users[0].id)/recommendations"
                #expect(try await service.get("\(user)?seen=maybe").status == 400)
            }
        }
    }
}

extension String {
    fileprivate var encoded: String { addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? self }
}
