import Foundation
package import ModelBundle
package import MovieLens
import Training

/// Bundles that tests load, each trained once a run.
package enum TrainedBundle {
    package struct NoData: Error, CustomStringConvertible {
        package let description: String
    }

    /// The published split: the model trained on its train part, and the ratings held out.
    package struct Published: Sendable {
        package let bundle: ModelBundle
        package let test: [Rating]
    }

    /// Whether MovieLens 100k and its published split are at hand. Under CI a test that needs them runs, and fails,
    /// without them.
    package static var isPublishedAvailable: Bool {
        variable("CI") != nil || (variable("MOVIELENS_100K") != nil && variable("KINDRED_SPLITS") != nil)
    }

    package static func published() async throws -> Published { try await publishedTask.value }

    /// A generated catalogue with more movies than a re-rank orders, and a rating head: 80 users, 320 movies.
    package static func withRatingHead() async throws -> ModelBundle { try await headTask.value }

    private static let headTask = Task<ModelBundle, any Error> {
        let dataset = try SyntheticCatalogue(users: 80, movies: 320, ratings: 4_000, seed: 2).generate()
        var ratings = RatingHeadParameters()
        ratings.neighbors = 20
        let trainer = Trainer(ratings: ratings)
        let vectors = try trainer.vectors(of: dataset)
        var head = try trainer.ratingHead(of: dataset, vectors)
        // Whatever such small data teach: the order must show that the ratings take part.
        head.constants.rerankWeight = 2.5
        return try trainer.bundle(
            vectors, ratingHead: head, of: dataset, metrics: [:],
            labels: .init(name: "rated", checksum: String(repeating: "0", count: 64)))
    }

    /// A small generated catalogue: 60 users, 120 movies.
    package static func small(seed: UInt64 = 1) throws -> ModelBundle {
        let dataset = try SyntheticCatalogue(users: 60, movies: 120, ratings: 1_800, seed: seed).generate()
        return try train(dataset, name: "small")
    }

    /// A generated catalogue of more movies than the database is asked for: 100 users, 1,200 movies.
    package static func wide() throws -> ModelBundle {
        let dataset = try SyntheticCatalogue(users: 100, movies: 1_200, ratings: 12_000, seed: 3).generate()
        return try train(dataset, name: "wide")
    }

    private static let publishedTask = Task<Published, any Error> {
        let folder = URL(fileURLWithPath: try required("MOVIELENS_100K"))
        let splits = URL(fileURLWithPath: try required("KINDRED_SPLITS"))
        let file = { (part: String) in splits.appending(path: "item-stratified-seed42.\(part).tsv") }
        let dataset = try Dataset.read(folder: folder, ratings: file("train"))
        return Published(
            bundle: try train(dataset, name: "published"), test: try dataset.readRatings(file("test")))
    }

    private static func train(_ dataset: Dataset, name: String) throws -> ModelBundle {
        let trainer = Trainer()
        return try trainer.bundle(
            try trainer.vectors(of: dataset), of: dataset, metrics: [:],
            labels: .init(name: name, checksum: String(repeating: "0", count: 64)))
    }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func required(_ name: String) throws -> String {
        guard let value = variable(name) else { throw NoData(description: "\(name) is not set: see README, Tests") }
        return value
    }
}
