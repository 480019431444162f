import Kernels
import ModelBundle
package import MovieLens

/// Ranks for users whom training has never seen: their vectors are folded in from their histories.
///
/// The users with train ratings are dealt at random into folds. For each fold the model is trained on the train
/// ratings of everybody else; a held-out user's train ratings are the history that `UserEncoder` makes a vector of,
/// and the test ratings are to be found. A history may be cut to a few items drawn at random, and no item of the whole
/// history is an answer: what was left out of a cut history is neither known nor asked for.
package struct FoldedEvaluation: Sendable {
    private let train: Dataset
    private let trainer: Trainer
    private let seed: UInt64
    private let holdsOut: Bool
    /// User ids by fold.
    private let folds: [Set<Int32>]
    /// By user id, in the order in which a cut keeps them.
    private let histories: [Int32: [UserEncoder.Entry]]

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
                .map { UserEncoder.Entry(row: rows[$0.item]!, rating: $0.value) }
        }
        let users = histories.keys.sorted().shuffled(using: &random)
        let folds = holdsOut ? folds : 1
        self.folds = (0..<folds).map { fold in
            Set(stride(from: fold, to: users.count, by: folds).map { users[$0] })
        }
    }

    /// One result for each length, over the users of all folds.
    ///
    /// - Parameter lengths: items a history is cut to; nil for the whole history. Shorter histories stay whole.
    package func results(
        test: [Rating], lengths: [Int?], k: Int = 10, relevantFrom: Float = 1
    ) throws(TrainingError) -> [RankingResults] {
        let evaluation = Evaluation(train: train)
        var results: [RankingResults] = []
        for fold in folds {
            let recommender = try trainer.recommender(
                of: train.with(ratings: train.ratings.filter { !holdsOut || !fold.contains($0.user) }))
            let questions = test.filter { fold.contains($0.user) }
            let foldResults = lengths.map { length in
                evaluation.results(
                    userVectors: vectors(of: fold, length, recommender), itemVectors: recommender.itemVectors,
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
    private func vectors(of fold: Set<Int32>, _ length: Int?, _ recommender: SpectralRecommender) -> FloatMatrix {
        let encoder = UserEncoder(
            geometry: recommender.geometry, encoder: recommender.encoder, genreRows: recommender.genreRows)
        let dimensions = recommender.geometry.dimensions
        return FloatMatrix(rows: train.users.count, columns: dimensions) { target in
            for (row, user) in train.users.enumerated() where fold.contains(user.id) {
                guard let vector = encoder.encode(cut(histories[user.id]!, to: length, of: user.id)) else { continue }
                for column in 0..<dimensions { target[row * dimensions + column] = vector[column] }
            }
        }
    }

    /// The same items for every user whatever the fold, and a shorter cut is part of a longer one.
    private func cut(_ history: [UserEncoder.Entry], to length: Int?, of user: Int32) -> [UserEncoder.Entry] {
        guard let length, length < history.count else { return history }
        var random = SplitMix64(seed: seed &+ UInt64(user))
        return Array(history.shuffled(using: &random).prefix(length))
    }
}
