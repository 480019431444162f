package import ModelBundle
package import MovieLens

/// Learns to predict ratings: a ridge stack of biases, neighbourhood and profile residuals and the vectors' score.
///
/// The features of a rating must not know it, so the ratings are cut into inner folds: each fold's features come from
/// all the others, with vectors, biases and neighbours of their own. The final parameters then come from all of them.
/// Neither a rating's own time nor anything else that a service cannot have takes part.
package struct RatingHeadTrainer: Sendable {
    private let parameters: RatingHeadParameters
    private let vectorParameters: Hyperparameters

    /// - Parameter vectors: what the vectors are trained with.
    package init(_ parameters: RatingHeadParameters = .init(), vectors: Hyperparameters = .init()) {
        self.parameters = parameters
        vectorParameters = vectors
    }

    /// The head for vectors that were learned from the same data set. Independent of the ratings' order.
    package func head(_ dataset: Dataset, _ recommender: SpectralRecommender) throws(TrainingError) -> RatingHead {
        guard !dataset.ratings.isEmpty else { throw .noRatings }
        var head = unweighted(dataset, RatingMatrix(dataset))
        let regression = try fit(dataset)
        head.constants.featureMeans = regression.means
        head.constants.featureDeviations = regression.deviations
        head.constants.weights = regression.weights
        return head
    }

    /// The weight of a re-rank, learned on a quarter of the ratings with a predictor from the rest; 0 for data too
    /// small to tell.
    package func rerankWeight(_ dataset: Dataset) throws(TrainingError) -> Double {
        // The split follows the order of the ratings, and the weight must not follow that of the file.
        let ordered = dataset.ratings.sorted { ($0.user, $0.item) < ($1.user, $1.item) }
        let split = ItemStratifiedSplit(ordered, seed: parameters.rerankSeed)
        guard !split.train.isEmpty else { return 0 }
        let train = dataset.with(ratings: split.train)
        return RerankEvaluation(try predictor(train), train: train, test: split.test).bestWeight()
    }

    /// A predictor learned from a data set, with vectors of its own.
    package func predictor(_ dataset: Dataset) throws(TrainingError) -> RatingPredictor {
        let recommender = try recommender(dataset, RatingMatrix(dataset))
        return RatingPredictor(try head(dataset, recommender), recommender)
    }

    // MARK: - Weights

    private func fit(_ dataset: Dataset) throws(TrainingError) -> RatingRegression {
        let ordered = dataset.ratings.sorted { ($0.user, $0.item) < ($1.user, $1.item) }
        let folds = ordered.indices.map { RatingHeadTrainer.hash($0) % UInt64(parameters.innerFolds) }
        let used = ordered.count > parameters.ratingsForOneFold ? 1 : parameters.innerFolds
        var features: [Double] = []
        var targets: [Double] = []
        for fold in 0..<used {
            let known = ordered.indices.filter { folds[$0] != fold }.map { ordered[$0] }
            let asked = ordered.indices.filter { folds[$0] == fold }.map { ordered[$0] }
            // Of one or two ratings a fold can take all; what is left then has nothing to learn from.
            guard !known.isEmpty else { continue }
            let part = try RatingHeadTrainer.features(of: asked, from: predictor(known, of: dataset), dataset, known)
            features.append(contentsOf: part)
            targets.append(contentsOf: asked.map { Double($0.value) })
        }
        var matrix = Matrix(rows: targets.count, columns: RatingFeatures.count)
        matrix.values = features
        return RatingRegression(features: matrix, ratings: targets, ridge: parameters.ridge)
    }

    private func predictor(_ known: [Rating], of dataset: Dataset) throws(TrainingError) -> RatingPredictor {
        let inner = dataset.with(ratings: known)
        let ratings = RatingMatrix(inner)
        return RatingPredictor(unweighted(inner, ratings), try recommender(inner, ratings))
    }

    /// Rows of features, one for each rating asked for; `asked` is ordered by user.
    private static func features(
        of asked: [Rating], from predictor: RatingPredictor, _ dataset: Dataset, _ known: [Rating]
    ) -> [Double] {
        let questions = RatingQuestions(asked, histories: known, of: dataset)
        let parts = Parallel.map(questions.users.count) { index in
            let user = questions.users[index]
            let profile = predictor.profile(user.history, attributes: user.attributes)
            var rows = [Double](repeating: 0, count: user.items.count * RatingFeatures.count)
            rows.withUnsafeMutableBufferPointer { rows in
                for (row, item) in user.items.enumerated() {
                    let range = row * RatingFeatures.count..<(row + 1) * RatingFeatures.count
                    predictor.write(profile, item: item, to: UnsafeMutableBufferPointer(rebasing: rows[range]))
                }
            }
            return rows
        }
        return Array(parts.joined())
    }

    /// SplitMix64's mix of a position: the same fold on every machine.
    private static func hash(_ position: Int) -> UInt64 {
        var random = SplitMix64(seed: UInt64(position))
        return random.next()
    }

    // MARK: - Parameters of the items

    private func recommender(
        _ dataset: Dataset, _ ratings: RatingMatrix
    ) throws(TrainingError) -> SpectralRecommender {
        let flags = GenreFlags.matrix(dataset.movies, genres: dataset.genres)
        return try SpectralRecommender(ratings, genreFlags: flags, vectorParameters)
    }

    /// Everything but the weights, which are zero.
    private func unweighted(_ dataset: Dataset, _ ratings: RatingMatrix) -> RatingHead {
        let residuals = RatingResiduals(ratings, parameters)
        let memberships = dataset.users.map { RatingGroups.names($0.attributes) }
        let groups = Set(memberships.joined()).sorted()
        let constants = RatingHead.Constants(
            lowest: parameters.lowest, highest: parameters.highest, mean: residuals.mean,
            userShrinkage: parameters.userShrinkage, profileShrinkage: parameters.profileShrinkage,
            yearDecay: parameters.yearDecay, groups: groups,
            featureMeans: [Double](repeating: 0, count: RatingFeatures.count),
            featureDeviations: [Double](repeating: 1, count: RatingFeatures.count),
            weights: [Double](repeating: 0, count: RatingFeatures.products))
        let index = Dictionary(uniqueKeysWithValues: zip(groups, groups.indices))
        let columns = itemColumns(
            dataset, ratings, residuals, memberships: memberships.map { $0.map { index[$0]! } }, groups: groups.count)
        return RatingHead(
            constants: constants, items: columns.floats,
            neighbors: RatingNeighborSearch(ratings, residuals, parameters).neighbors())
    }

    private func itemColumns(
        _ dataset: Dataset, _ ratings: RatingMatrix, _ residuals: RatingResiduals, memberships: [[Int]], groups: Int
    ) -> Matrix {
        typealias Column = RatingHead.Column
        var columns = Matrix(rows: ratings.items, columns: Column.firstGroup + groups)
        var counts = Matrix(rows: ratings.items, columns: groups)
        for (entry, residual) in zip(ratings.entries, residuals.values) {
            columns[entry.item, Column.deviation] += residual * residual
            for group in memberships[entry.user] {
                columns[entry.item, Column.firstGroup + group] += residual
                counts[entry.item, group] += 1
            }
        }
        for (item, movie) in dataset.movies.enumerated() {
            let count = Double(ratings.itemCounts[item])
            let squares = columns[item, Column.deviation]
            columns[item, Column.bias] = residuals.items[item]
            columns[item, Column.logCount] = logOfOnePlus(count)
            columns[item, Column.deviation] =
                ((squares + parameters.userShrinkage) / (count + parameters.userShrinkage)).squareRoot()
            columns[item, Column.year] = Double(movie.releaseDate?.year ?? 0)
            for group in 0..<groups {
                columns[item, Column.firstGroup + group] /= counts[item, group] + parameters.groupShrinkage
            }
        }
        return columns
    }
}

extension RatingPredictor {
    package init(_ head: RatingHead, _ recommender: SpectralRecommender) {
        let encoder = UserEncoder(
            geometry: recommender.geometry, encoder: recommender.encoder, genreRows: recommender.genreRows)
        self.init(head: head, encoder: encoder, itemVectors: recommender.itemVectors)
    }
}
