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
        case ratingHead = "rating_head"
        /// The weight of predicted ratings in an answer's order.
        case rerank
        /// Trains again on three quarters of the ratings and measures on the rest.
        case holdout
        /// Checksums and checks.
        case bundle
    }

    package typealias Progress = @Sendable (Stage, Duration) -> Void

    let parameters: Hyperparameters
    private let ratingParameters: RatingHeadParameters
    let solver: SpectralSolver
    private let progress: Progress

    /// - Parameter progress: called after each stage with the time it took.
    package init(
        _ parameters: Hyperparameters = Hyperparameters(), ratings: RatingHeadParameters = RatingHeadParameters(),
        solver: SpectralSolver = SpectralSolver(), progress: @escaping Progress = { _, _ in }
    ) {
        self.parameters = parameters
        ratingParameters = ratings
        self.solver = solver
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
        let recommender = try SpectralRecommender(ratings, genreFlags: flags, parameters, solver: solver)
        report(.recommendation, since: &start, clock)
        let similarity = try SimilarityModel(ratings, genreFlags: flags, parameters, solver: solver)
        report(.similarity, since: &start, clock)
        return Vectors(recommender: recommender, similarity: similarity.vectors)
    }

    /// Learns to predict ratings, for the vectors of the same data set.
    package func ratingHead(of dataset: Dataset, _ vectors: Vectors) throws(TrainingError) -> RatingHead {
        let clock = ContinuousClock()
        var start = clock.now
        let trainer = RatingHeadTrainer(ratingParameters, vectors: parameters)
        var head = try trainer.head(dataset, vectors.recommender)
        report(.ratingHead, since: &start, clock)
        head.constants.rerankWeight = try trainer.rerankWeight(dataset)
        report(.rerank, since: &start, clock)
        return head
    }

    /// Metrics of this recipe on a data set: learned on 75 % of each movie's ratings, measured on the rest.
    ///
    /// - Parameter seed: of the split; 42 on MovieLens 100k is the published one.
    package func holdoutMetrics(_ dataset: Dataset, seed: UInt32 = 42) throws(TrainingError) -> [String: Double] {
        let clock = ContinuousClock()
        var start = clock.now
        try Trainer.checkMeasurable(dataset)
        let split = ItemStratifiedSplit(dataset.ratings, seed: seed)
        let metrics = try Trainer(parameters, solver: solver).metrics(
            train: dataset.with(ratings: split.train), test: split.test)
        report(.holdout, since: &start, clock)
        return Dictionary(uniqueKeysWithValues: metrics.map { ("holdout_\($0.key)", $0.value) })
    }

    /// Measuring holds the distances of all users and movies, and of all pairs of movies, in memory: two gigabytes at
    /// most.
    ///
    /// - Throws: `TrainingError.tooLargeToMeasure`.
    package static func checkMeasurable(_ dataset: Dataset) throws(TrainingError) {
        let (users, movies) = (dataset.users.count, dataset.movies.count)
        guard max(users, movies) <= 256_000_000 / max(movies, 1) else {
            throw .tooLargeToMeasure(users: users, movies: movies)
        }
    }

    /// Learns on `train` and measures on `test`: ranking at `k` with intervals (`ndcg_low`, `ndcg_high`, …), the
    /// ranking of the most watched movies (`popularity_ndcg`, …), and the neighbours of movies.
    package func metrics(train: Dataset, test: [Rating], k: Int = 10) throws(TrainingError) -> [String: Double] {
        let vectors = try vectors(of: train)
        let evaluation = Evaluation(train: train)
        let ranking = evaluation.results(
            userVectors: vectors.recommender.userVectors, itemVectors: vectors.recommender.itemVectors, test: test,
            k: k)
        var metrics = ranking.metrics.named
        for (name, interval) in ranking.intervals() {
            metrics["\(name)_low"] = interval.low
            metrics["\(name)_high"] = interval.high
        }
        for (name, value) in evaluation.popularity(test: test, k: k).metrics.named where name != "users" {
            metrics["popularity_\(name)"] = value
        }
        let similar = SimilarityEvaluation(train: train).metrics(vectors.similarity, test: test)
        return metrics.merging(similar.named) { ranking, _ in ranking }
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
        /// How the hyper-parameters were found, recorded beside them; empty for the recipe's own.
        package var tuning: [String: Double]

        package init(
            name: String, version: String? = nil, gitRevision: String? = nil, created: Date = Date(), checksum: String,
            tuning: [String: Double] = [:]
        ) {
            self.name = name
            self.version = version
            self.gitRevision = gitRevision
            self.created = created
            self.checksum = checksum
            self.tuning = tuning
        }
    }

    /// The bundle of a training.
    ///
    /// - Parameter ratingHead: nil for a bundle that predicts no ratings.
    package func bundle(
        _ vectors: Vectors, ratingHead: RatingHead? = nil, of dataset: Dataset, metrics: [String: Double],
        labels: Labels
    ) throws(BundleError) -> ModelBundle {
        let clock = ContinuousClock()
        var start = clock.now
        defer { report(.bundle, since: &start, clock) }
        let recorded = ratingHead == nil ? [:] : ratingParameters.named
        return try ModelBundle(
            name: labels.name, version: labels.version, created: labels.created, gitRevision: labels.gitRevision,
            dataset: .init(
                name: dataset.name, checksum: labels.checksum, users: dataset.users.count,
                items: dataset.movies.count, interactions: dataset.ratings.count, synthetic: dataset.isSynthetic),
            geometry: vectors.recommender.geometry,
            hyperparameters: parameters.named.merging(labels.tuning) { value, _ in value }
                .merging(recorded) { own, _ in own },
            metrics: metrics, singularValues: vectors.recommender.singularValues,
            content: ModelBundle.Content(dataset, vectors, ratingHead: ratingHead))
    }

    private func report(_ stage: Stage, since start: inout ContinuousClock.Instant, _ clock: ContinuousClock) {
        let now = clock.now
        progress(stage, now - start)
        start = now
    }
}
