import ModelBundle

/// What somebody would rate an item.
package struct RatingPrediction: Sendable, Equatable {
    package let user: Int32
    package let item: Int32
    /// In stars.
    package let rating: Double
    /// Whether the user's own ratings have a part in it; otherwise it is what the item gets from everybody.
    package let isPersonal: Bool
}

extension Retriever {
    /// Predicts ratings by the model's rating head, recent ratings included.
    ///
    /// O(users · (items + history · dimensions) + pairs · features²).
    ///
    /// - Throws: ``RetrievalError/unknownItem(_:)`` or ``RetrievalError/noPredictions(generation:)``. A user need not be known.
    package func predictedRatings(
        _ pairs: [(user: Int32, item: Int32)]
    ) throws(RetrievalError) -> [RatingPrediction] {
        guard let reranker = snapshot.reranker else { throw .noPredictions(generation: snapshot.generation.id) }
        var profiles: [Int32: (profile: RatingPredictor.Profile, isPersonal: Bool)] = [:]
        var predictions: [RatingPrediction] = []
        for (user, item) in pairs {
            let row = Int(try snapshot.itemRow(item))
            let (profile, isPersonal) = profiles[user] ?? profile(of: user, reranker)
            profiles[user] = (profile, isPersonal)
            predictions.append(
                RatingPrediction(
                    user: user, item: item, rating: reranker.predictor.predict(profile, item: row),
                    isPersonal: isPersonal))
        }
        return predictions
    }

    private func profile(
        of user: Int32, _ reranker: ModelReranker
    ) -> (profile: RatingPredictor.Profile, isPersonal: Bool) {
        let row = snapshot.userRow(.user(user))
        let history = snapshot.history(of: row, adding: histories.recent(of: .user(user))?.opinions ?? [:]).rated
        let groups = row.map { reranker.memberships[$0] } ?? []
        return (reranker.predictor.profile(history, groups: groups), !history.isEmpty)
    }
}
