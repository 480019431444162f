/// The learned re-rank: training measures it, serving answers with it, and both order by what is here.
extension RatingPredictor {
    /// How many of the vectors' best items are ordered again; the weight was learned on so many.
    package static let rerankedItems = 200

    /// What an item is ordered by when the question is what the user would rate highly.
    package struct Appeal: Sendable, Equatable {
        /// The recommender's score, standardised over the items: whether the user would watch it.
        package var score: Double
        /// Predicted, in stars: whether the user would like it.
        package var rating: Double

        /// score + weight · rating.
        package func total(weight: Double) -> Double { score + weight * rating }
    }

    /// An item to be ordered.
    package struct Candidate: Sendable, Equatable {
        /// Its row.
        package let item: Int
        package let appeal: Appeal

        package init(item: Int, appeal: Appeal) {
            self.item = item
            self.appeal = appeal
        }
    }

    /// - Parameter item: its row.
    package func appeal(_ profile: Profile, item: Int) -> Appeal {
        Appeal(score: score(profile, item: item), rating: predict(profile, item: item))
    }

    package func candidates(_ items: [Int], for profile: Profile) -> [Candidate] {
        items.map { Candidate(item: $0, appeal: appeal(profile, item: $0)) }
    }

    /// By descending appeal, ties by the lower row.
    package static func reranked(_ candidates: [Candidate], weight: Double) -> [Candidate] {
        candidates.map { (candidate: $0, total: $0.appeal.total(weight: weight)) }
            .sorted { ($1.total, $0.candidate.item) < ($0.total, $1.candidate.item) }
            .map(\.candidate)
    }

    /// Items in the order of the weight that the head has learned.
    package func reranked(_ items: [Int], for profile: Profile) -> [Candidate] {
        RatingPredictor.reranked(candidates(items, for: profile), weight: head.constants.rerankWeight)
    }
}
