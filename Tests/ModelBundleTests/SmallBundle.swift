import Foundation
import Kernels
import ModelBundle

/// A bundle of four items and three users: item 4 and user 9 are cold.
enum SmallBundle {
    static let geometry = Geometry(
        dimensions: 4, similarityDimensions: 2, maximumNorm: 5, spectralDimensions: 2, genreDimensions: 1,
        itemGenreScale: 1, userGenreWeight: 0.2, prior: [0, 0], base: [0.5], decoderCovariance: [1, 0, 0, 1],
        genreCovariance: [0.25])

    static var content: ModelBundle.Content {
        ModelBundle.Content(
            items: [
                CatalogueItem(
                    id: 1, title: "First", released: "1994-01-01", tags: ["Drama"],
                    attributes: ["imdb_url": "http://a/b"]),
                CatalogueItem(id: 2, title: "Zweiter — ß"), CatalogueItem(id: 3, title: "Third"),
                CatalogueItem(id: 4, title: "Nobody saw this"),
            ],
            users: [
                CatalogueUser(id: 7, attributes: ["age": "24"]), CatalogueUser(id: 8), CatalogueUser(id: 9),
            ],
            interactions: [
                Interaction(user: 7, item: 1, value: 5, timestamp: 881_250_949),
                Interaction(user: 8, item: 3, value: 1.5, timestamp: -1),
            ],
            itemVectors: FloatMatrix(rows: 4, columns: 4, values: [3, 4, 0, 0, 0, 3, 0, 4, 1, 2, 2, 4] + zeros(4)),
            similarity: FloatMatrix(rows: 4, columns: 2, values: [1, 0, 0.6, 0.8, 0, 1, 0, 0]),
            userVectors: FloatMatrix(rows: 3, columns: 4, values: [5, 0, 0, 0, 3, 0, 4, 0] + zeros(4)),
            encoder: FloatMatrix(rows: 4, columns: 2, values: [1, 2, 3, 4, 5, 6, 0, 0]),
            genreRows: FloatMatrix(rows: 4, columns: 1, values: [1, 0, 1, 0]))
    }

    static func make(
        created: Date = Date(timeIntervalSince1970: 1_000_000.5), gitRevision: String? = "abc", version: String? = nil,
        metrics: [String: Double] = ["ndcg": 0.1], content: ModelBundle.Content = content
    ) throws -> ModelBundle {
        try ModelBundle(
            name: "small", version: version, created: created, gitRevision: gitRevision,
            dataset: .init(name: "test", checksum: "00", users: 0, items: 0, interactions: 0, synthetic: true),
            geometry: geometry, hyperparameters: ["power": 3], metrics: metrics, content: content)
    }

    private static func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }
}

/// A temporary folder that is removed when `body` returns.
func withTemporaryFolder(_ body: (URL) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "kindred-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url)
}
