import ModelBundle
import Training

/// A user's re-ranked items, computed from the bundle as training computes them.
struct RerankExpectation: Sendable {
    let user: Int32
    /// Best first, with the predicted rating in stars.
    let candidates: [(id: Int32, rating: Double)]

    struct NoHead: Error {}

    /// Of every user with a vector.
    static func all(_ bundle: ModelBundle) throws -> [RerankExpectation] {
        guard let predictor = RatingPredictor(bundle) else { throw NoHead() }
        let rows = Dictionary(uniqueKeysWithValues: zip(bundle.items.map(\.id), bundle.items.indices))
        let histories = Dictionary(grouping: bundle.interactions, by: \.user)
        let isKnown = bundle.hasUserVector
        return bundle.users.enumerated().filter { isKnown[$0.offset] }.map { _, user in
            let history = histories[user.id, default: []]
                .map { RatingPredictor.Rated(row: rows[$0.item]!, value: $0.value) }.sorted { $0.row < $1.row }
            let profile = predictor.profile(history, attributes: user.attributes)
            let nearest = RerankEvaluation.nearest(predictor, profile, seen: Set(history.map(\.row)))
            return RerankExpectation(
                user: user.id,
                candidates: predictor.reranked(nearest, for: profile).map {
                    (bundle.items[$0.item].id, $0.appeal.rating)
                })
        }
    }
}
