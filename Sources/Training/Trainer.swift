package import Foundation
package import Kernels
package import ModelBundle
package import MovieLens

/// Ratings to a bundle: both kinds of vectors, measured on held-out ratings.
package struct Trainer: Sendable {
    package enum Stage: String, Sendable, CaseIterable {
        case index
        case recommendation
        case similarity
        /// Trains again on three quarters of the ratings and measures on the rest.
        case holdout
        /// Checksums and checks.
        case bundle
    }

    package typealias Progress = @Sendable (Stage, Duration) -> Void

    private let parameters: Hyperparameters
    private let progress: Progress

    /// - Parameter progress: called after each stage with the time it took.
    package init(_ parameters: Hyperparameters = Hyperparameters(), progress: @escaping Progress = { _, _ in }) {
        self.parameters = parameters
        self.progress = progress
    }

    /// The two vector spaces that one training makes.
    package struct Vectors: Sendable {
        package let recommender: SpectralRecommender
        /// items × similarityDimensions.
        package let similarity: FloatMatrix
    }

    /// Learns both spaces. The result depends on nothing but the ratings, whatever their order, and the genres.
    package func vectors(of dataset: Dataset) throws(TrainingError) -> Vectors {
        let clock = ContinuousClock()
        var start = clock.now
        let ratings = RatingMatrix(dataset)
        let flags = GenreFlags.matrix(dataset.movies, genres: dataset.genres)
        report(.index, since: &start, clock)
        let recommender = try SpectralRecommender(ratings, genreFlags: flags, parameters)
        report(.recommendation, since: &start, clock)
        let similarity = try SimilarityModel(ratings, genreFlags: flags, parameters)
        report(.similarity, since: &start, clock)
        return Vectors(recommender: recommender, similarity: similarity.vectors)
    }

    /// Metrics of this recipe on a data set: learned on 75 % of each movie's ratings, measured on the rest.
    ///
    /// - Parameter seed: of the split; 42 on MovieLens 100k is the published one.
    package func holdoutMetrics(_ dataset: Dataset, seed: UInt32 = 42) throws(TrainingError) -> [String: Double] {
        let clock = ContinuousClock()
        var start = clock.now
        let split = ItemStratifiedSplit(dataset.ratings, seed: seed)
        let metrics = try Trainer(parameters).metrics(train: dataset.with(ratings: split.train), test: split.test)
        report(.holdout, since: &start, clock)
        return Dictionary(uniqueKeysWithValues: metrics.map { ("holdout_\($0.key)", $0.value) })
    }

    /// Learns on `train` and measures on `test`: ranking at `k`, and the neighbours of movies.
    package func metrics(train: Dataset, test: [Rating], k: Int = 10) throws(TrainingError) -> [String: Double] {
        let vectors = try vectors(of: train)
        let ranking = Evaluation(train: train).ranking(
            userVectors: vectors.recommender.userVectors, itemVectors: vectors.recommender.itemVectors, test: test,
            k: k)
        let similar = SimilarityEvaluation(train: train).metrics(vectors.similarity, test: test)
        return ranking.named.merging(similar.named) { ranking, _ in ranking }
    }

    /// What a bundle records beside what was learned.
    package struct Labels: Sendable {
        package var name: String
        /// Nil for the first 12 characters of the content hash.
        package var version: String?
        package var gitRevision: String?
        package var created: Date
        /// SHA-256 of the data set's files.
        package var checksum: String

        package init(
            name: String, version: String? = nil, gitRevision: String? = nil, created: Date = Date(), checksum: String
        ) {
            self.name = name
            self.version = version
            self.gitRevision = gitRevision
            self.created = created
            self.checksum = checksum
        }
    }

    /// The bundle of a training.
    package func bundle(
        _ vectors: Vectors, of dataset: Dataset, metrics: [String: Double], labels: Labels
    ) throws(BundleError) -> ModelBundle {
        let clock = ContinuousClock()
        var start = clock.now
        defer { report(.bundle, since: &start, clock) }
        return try ModelBundle(
            name: labels.name, version: labels.version, created: labels.created, gitRevision: labels.gitRevision,
            dataset: .init(
                name: dataset.name, checksum: labels.checksum, users: dataset.users.count,
                items: dataset.movies.count, interactions: dataset.ratings.count, synthetic: dataset.isSynthetic),
            geometry: vectors.recommender.geometry, hyperparameters: parameters.named, metrics: metrics,
            content: ModelBundle.Content(dataset, vectors))
    }

    private func report(_ stage: Stage, since start: inout ContinuousClock.Instant, _ clock: ContinuousClock) {
        let now = clock.now
        progress(stage, now - start)
        start = now
    }
}
