import Foundation
import Kernels
import Loading
import ModelBundle
import Postgres
import Retrieval
import Schema
import Service
import TestSupport
import Testing

/// The recall that the service says it has, against one computed from the bundle and the answers that went out.
@Suite struct RecallMonitorTests {
    private static func configuration(_ url: String) -> ServiceConfiguration {
        var configuration = ServiceConfiguration(databaseURL: url)
        configuration.recallSample = 1
        configuration.deadlineMilliseconds = 60_000
        configuration.search.statementTimeoutMilliseconds = 60_000
        return configuration
    }

    private func value(_ name: String, _ labels: String, _ metrics: String) -> Double? {
        let start = "\(name){\(labels)} "
        return metrics.split(separator: "\n").first { $0.hasPrefix(start) }.flatMap {
            Double($0.dropFirst(start.count))
        }
    }

    /// Asks until the service has measured as much as was expected, for a minute at most.
    private func metrics(
        _ service: RunningService, until isDone: (String) -> Bool
    ) async throws -> String {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let metrics = try await service.get("/metrics").text
            if isDone(metrics) || ContinuousClock.now > end { return metrics }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test(
        "the gauge is the mean over the answers of a brute-force computation, for both routes",
        .enabled(if: TrainedBundle.isPublishedAvailable, "needs MOVIELENS_100K and KINDRED_SPLITS"))
    func ratio() async throws {
        let published = try await TrainedBundle.published()
        try await TestServer.withDatabase { url in
            let bundle = published.bundle
            let connection = try await TestServer.connect(url)
            _ = try await Migrator(connection).migrate()
            // A graph with so few links that a search misses some, and no other way to the answer.
            _ = try await Loader(connection, configuration: .init(url: url)).load(
                bundle, .init(hnswLinks: 4, hnswConstruction: 8))
            try await connection.execute(
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET enable_seqscan = off', current_database()); END $$")
            var configuration = Self.configuration(url)
            // No fewer: by bad luck a quarter of the answers would be right.
            configuration.search.efSearch = 20
            let exact = ExactDistances(bundle)
            try await RunningService.with(configuration) { service in
                var recalls: [String: [Double]] = ["similar": [], "recommendations": []]
                for row in bundle.items.indices.filter({ $0 % 5 == 0 }) {
                    let nearest = exact.similar(row)
                    let answer: Envelope = try await service.get("/v1/movies/\(bundle.items[row].id)/similar?k=10")
                        .json()
                    guard answer.source == "pgvector" else { continue }
                    recalls["similar", default: []].append(exact.recall(of: answer, nearest, count: 10))
                }
                for row in bundle.users.indices.filter({ $0 % 3 == 0 }) {
                    let nearest = exact.recommendations(row)
                    let path = "/v1/users/\(bundle.users[row].id)/recommendations?k=5"
                    let answer: Envelope = try await service.get(path).json()
                    guard answer.source == "pgvector" else { continue }
                    recalls["recommendations", default: []].append(exact.recall(of: answer, nearest, count: 5))
                }
                for (route, count) in [("similar", 10), ("recommendations", 5)] {
                    let labels = "generation=\"1\",route=\"\(route)\""
                    let expected = recalls[route] ?? []
                    #expect(expected.count > 300)
                    let wanted = Double(expected.count * count)
                    let shown = try await metrics(service) {
                        value("kindred_recall_expected_total", labels, $0) ?? 0 >= wanted
                    }
                    let mean = expected.reduce(0, +) / Double(expected.count)
                    let ratio = try #require(value("kindred_recall_ratio", labels, shown))
                    #expect(abs(ratio - mean) < 1e-9, "\(route)")
                    #expect(mean > 0.3 && mean < 1, "\(route): there is nothing to see at a recall of \(mean)")
                    #expect(value("kindred_recall_expected_total", labels, shown) == wanted)
                    let found = try #require(value("kindred_recall_found_total", labels, shown))
                    #expect(abs(found - expected.reduce(0, +) * Double(count)) < 1e-6)
                    #expect(shown.contains("\nkindred_recall_dropped_total 0\n"))
                }
            }
        }
    }

    @Test("only answers of an index are measured, and a replaced generation has no series")
    func scope() async throws {
        let bundle = try TrainedBundle.small()
        try await LoadedDatabase.with(bundle) { database in
            let operation = try await TestServer.connect(database.url)
            _ = try await Loader(operation, configuration: .init(url: database.url)).load(
                bundle, .init(index: .none, activates: false))
            try await RunningService.with(Self.configuration(database.url)) { service in
                try await service.waitUntilConnected("/v1/movies/2/similar?exact=true")
                for query in ["?engine=memory", "?exact=true", "?engine=memory&k=7"] {
                    _ = try await service.get("/v1/movies/2/similar\(query)")
                    _ = try await service.get("/v1/users/2/recommendations\(query)")
                }
                // The second of each comes from the cache.
                for _ in 0..<2 {
                    _ = try await service.get("/v1/movies/3/similar?k=5")
                    _ = try await service.get("/v1/users/3/recommendations?k=5")
                }
                for route in ["similar", "recommendations"] {
                    let labels = "generation=\"1\",route=\"\(route)\""
                    let shown = try await metrics(service) {
                        value("kindred_recall_expected_total", labels, $0) ?? 0 >= 5
                    }
                    #expect(value("kindred_recall_expected_total", labels, shown) == 5, "\(route)")
                }
                _ = try await Activation(operation).activate(2)
                let gone = try await metrics(service) { !$0.contains("kindred_recall_ratio{") }
                #expect(!gone.contains("kindred_recall_ratio{") && !gone.contains("kindred_recall_expected_total{"))
                let answer: Envelope = try await service.get("/v1/movies/3/similar?k=5").json()
                #expect(answer.generation == 2 && answer.source == "pgvector")
                let still = try await service.get("/metrics").text
                #expect(!still.contains("kindred_recall_ratio{"))
            }
        }
    }
}

/// The oracle: distances in double precision from the bundle, with none of the service's code.
private struct ExactDistances {
    private let bundle: ModelBundle
    private let seen: [Int32: Set<Int32>]
    private let cold: Set<Int32>
    private let absent: Set<Int32>

    init(_ bundle: ModelBundle) {
        self.bundle = bundle
        seen = bundle.interactions.reduce(into: [:]) { $0[$1.user, default: []].insert($1.item) }
        cold = Set(bundle.coldItems)
        absent = Set(bundle.itemsWithoutSimilarity)
    }

    /// By item, of those that may be in an answer.
    func similar(_ row: Int) -> [Int32: Double] {
        let own = bundle.items[row].id
        return distances(bundle.similarity[row], bundle.similarity) { $0 != own && !absent.contains($0) }
    }

    func recommendations(_ user: Int) -> [Int32: Double] {
        let seen = seen[bundle.users[user].id] ?? []
        return distances(bundle.userVectors[user], bundle.itemVectors) { !seen.contains($0) && !cold.contains($0) }
    }

    func recall(of answer: Envelope, _ distances: [Int32: Double], count: Int) -> Double {
        let nearest = distances.values.sorted().prefix(count)
        let farthest = (nearest.last ?? 0) * (1 + 1e-6)
        let found = answer.results.count { (distances[$0.movieId] ?? .infinity) <= farthest }
        return Double(min(found, nearest.count)) / Double(nearest.count)
    }

    private func distances(
        _ query: FloatMatrix.Row, _ matrix: FloatMatrix, where isAllowed: (Int32) -> Bool
    ) -> [Int32: Double] {
        let query = query.map(Double.init)
        var distances: [Int32: Double] = [:]
        matrix.withUnsafeBufferPointer { elements in
            var position = 0
            for item in bundle.items {
                var sum = 0.0
                for value in query {
                    let difference = value - Double(elements[position])
                    sum += difference * difference
                    position += 1
                }
                if isAllowed(item.id) { distances[item.id] = sum.squareRoot() }
            }
        }
        return distances
    }
}
