import Kernels
import ModelBundle
package import MovieLens

/// Ranks for users whom training has never seen: their vectors are folded in from their histories.
///
/// The users with train ratings are dealt at random into folds. For each fold the model is trained on the train
/// ratings of everybody else; a held-out user's train ratings are the history that `UserEncoder` makes a vector of,
/// and the test ratings are to be found. No item of the whole history is an answer: what is left out of it is neither known
/// nor asked for.
package struct FoldedEvaluation: Sendable {
    /// What is taken of a history.
    package enum History: Sendable, Equatable {
        case whole
        /// So many items, drawn at random; shorter histories stay whole.
        case cut(to: Int)
        /// Likes (4 stars and more) and dislikes (2 and less) as a page collects them, without stars.
        ///
        /// - Parameter dislikeWeight: of a dislike, beside that of five stars for a like; 0 leaves dislikes out.
        case opinions(dislikeWeight: Double)
    }

    private let train: Dataset
    private let trainer: Trainer
    private let seed: UInt64
    private let holdsOut: Bool
    /// User ids by fold.
    private let folds: [Set<Int32>]
    /// By user id, ordered by item.
    private let histories: [Int32: [(row: Int, value: Float)]]

    /// - Parameters:
    ///   - folds: 2 or more.
    ///   - seed: of the folds and the cuts.
    ///   - holdsOut: false to train once on everybody: then only the cut of the histories makes a difference.
    package init(
        train: Dataset, parameters: Hyperparameters = Hyperparameters(), folds: Int = 5, seed: UInt64 = 42,
        holdsOut: Bool = true
    ) {
        precondition(folds >= 2)
        self.train = train
        self.holdsOut = holdsOut
        self.seed = seed
        trainer = Trainer(parameters)
        var random = SplitMix64(seed: seed)
        let rows = Dictionary(uniqueKeysWithValues: zip(train.movies.map(\.id), train.movies.indices))
        // Sorted before they are shuffled, so that the order of the file has no say.
        histories = Dictionary(grouping: train.ratings, by: \.user).mapValues { ratings in
            ratings.sorted { $0.item < $1.item }
                .map { (rows[$0.item]!, $0.value) }
        }
        let users = histories.keys.sorted().shuffled(using: &random)
        let folds = holdsOut ? folds : 1
        self.folds = (0..<folds).map { fold in
            Set(stride(from: fold, to: users.count, by: folds).map { users[$0] })
        }
    }

    /// One result for each kind of history, over the users of all folds.
    package func results(
        test: [Rating], histories kinds: [History], k: Int = 10, relevantFrom: Float = 1
    ) throws(TrainingError) -> [RankingResults] {
        let evaluation = Evaluation(train: train)
        var results: [RankingResults] = []
        for fold in folds {
            let recommender = try trainer.recommender(
                of: train.with(ratings: train.ratings.filter { !holdsOut || !fold.contains($0.user) }))
            let questions = test.filter { fold.contains($0.user) }
            let foldResults = kinds.map { kind in
                evaluation.results(
                    userVectors: vectors(of: fold, kind, recommender), itemVectors: recommender.itemVectors,
                    test: questions, k: k, relevantFrom: relevantFrom)
            }
            if results.isEmpty {
                results = foldResults
            } else {
                for index in results.indices { results[index].add(foldResults[index]) }
            }
        }
        return results
    }

    /// users × dimensions, zero but for the users of the fold.
    private func vectors(of fold: Set<Int32>, _ kind: History, _ recommender: SpectralRecommender) -> FloatMatrix {
        let encoder = UserEncoder(
            geometry: recommender.geometry, encoder: recommender.encoder, genreRows: recommender.genreRows)
        let dimensions = recommender.geometry.dimensions
        return FloatMatrix(rows: train.users.count, columns: dimensions) { target in
            for (row, user) in train.users.enumerated() where fold.contains(user.id) {
                guard let vector = encoder.encode(history(of: user.id, kind)) else { continue }
                for column in 0..<dimensions { target[row * dimensions + column] = vector[column] }
            }
        }
    }

    private func history(of user: Int32, _ kind: History) -> [UserEncoder.Entry] {
        let history = histories[user]!
        switch kind {
        case .cut(let length) where length < history.count:
            // The same items for every user whatever the fold, and a shorter cut is part of a longer one.
            var random = SplitMix64(seed: seed &+ UInt64(user))
            return history.shuffled(using: &random).prefix(length).map { .init(row: $0.row, rating: $0.value) }
        case .whole, .cut:
            return history.map { .init(row: $0.row, rating: $0.value) }
        case .opinions(let dislikeWeight):
            return history.compactMap { row, value in
                if value >= 4 { return .init(row: row, rating: 5) }
                return value <= 2 && dislikeWeight != 0 ? .init(row: row, weight: -dislikeWeight) : nil
            }
        }
    }
}
