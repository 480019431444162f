import Foundation
import ModelBundle
import MovieLens
import Service
import TestSupport
import Testing

/// A model that another program has trained, from its CSV files to its answers: it has no genres and no ratings.
@Suite(.timeLimit(.minutes(20))) struct ImportedModelTests {
    @Test("an imported model is loaded, and answers as its vectors say", arguments: ["cosine", "inner-product", "l2"])
    func served(metric: String) async throws {
        let bundle = try await imported(items: 60, users: 5, metric: metric)
        let oracle = BruteForce(bundle)
        try await LoadedDatabase.with(bundle) { database in
            try await RunningService.with(.init(databaseURL: database.url)) { service in
                for engine in ["memory", "pgvector"] {
                    let similar: Envelope = try await service.get("/v1/movies/7/similar?k=5&engine=\(engine)").json()
                    #expect(similar.results.map(\.movieId) == oracle.similar(itemRow: 6, count: 5))
                    let known: Envelope = try await service.get(
                        "/v1/users/2/recommendations?k=5&engine=\(engine)"
                    ).json()
                    #expect(known.results.map(\.movieId) == oracle.recommendations(userRow: 1, count: 5))
                }
                let folded: Envelope = try await service.post("/v1/recommendations", #"{"liked": [7, 9], "k": 5}"#)
                    .json()
                #expect(folded.results.count == 5)
                #expect(folded.results.allSatisfy { $0.source == "vector" && ![7, 9].contains($0.movieId) })
            }
        }
    }

    /// As `kindred-train import` makes it of vectors with 8 dimensions, with the ids 1, 2, …
    private func imported(items: Int, users: Int, metric: String) async throws -> ModelBundle {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kindred-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var random = SplitMix64(seed: 8)
        func csv(_ name: String, rows: Int) throws -> String {
            let lines = (1...rows).map { id in
                ([String(id)] + (0..<8).map { _ in String(random.bell()) }).joined(separator: ",")
            }
            let file = folder.appending(path: name)
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
            return file.path
        }
        let made = try await Program([
            "import", "--item-vectors", csv("items.csv", rows: items), "--user-vectors",
            csv("users.csv", rows: users), "--metric", metric, "--out", folder.appending(path: "bundle").path,
        ])
        try #require(made.status == 0, "\(made.errors)")
        return try ModelBundle.read(at: folder.appending(path: "bundle"))
    }
}
