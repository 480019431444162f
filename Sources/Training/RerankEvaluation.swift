package import ModelBundle
package import MovieLens

/// Compares two orders of the vectors' candidates for "what would the user like": the vectors' own and the re-rank's.
///
/// Relevant is a test item rated at least 4. Each user's 200 best unseen items by the vectors are the candidates, so
/// that only their order differs.
package struct RerankEvaluation: Sendable {
    private static let likedFrom: Float = 4
    private static let k = 10
    /// Weights that are tried; the best on validation is taken, the lower one of equals.
    private static let grid = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3]

    private struct Question: Sendable {
        /// In the order of the vectors, which is that of the scores.
        let candidates: [RatingPredictor.Candidate]
        let liked: Set<Int>
    }

    private let questions: [Question]

    /// - Parameters:
    ///   - train: what the predictor and its vectors learned from; its items are not candidates.
    ///   - test: ratings it has not seen.
    package init(_ predictor: RatingPredictor, train: Dataset, test: [Rating]) {
        let liked = test.filter { $0.value >= RerankEvaluation.likedFrom }
        let asked = RatingQuestions(liked, histories: train.ratings, of: train)
        questions = Parallel.map(asked.users.count) { index in
            let user = asked.users[index]
            let profile = predictor.profile(user.history, attributes: user.attributes)
            let best = RerankEvaluation.nearest(predictor, profile, seen: Set(user.history.map(\.row)))
            return Question(candidates: predictor.candidates(best, for: profile), liked: Set(user.items))
        }
    }

    /// The rows that a re-rank orders: the best by the vectors' score that the user has not seen, best first.
    package static func nearest(
        _ predictor: RatingPredictor, _ profile: RatingPredictor.Profile, seen: Set<Int>
    ) -> [Int] {
        predictor.ratedItems.filter { !seen.contains($0) }
            .map { (item: $0, score: predictor.score(profile, item: $0)) }
            .sorted { ($1.score, $0.item) < ($0.score, $1.item) }
            .prefix(RatingPredictor.rerankedItems).map(\.item)
    }

    /// The weight with the best mean nDCG; 0 without any question.
    package func bestWeight() -> Double {
        var best = (weight: 0.0, value: -1.0)
        for weight in RerankEvaluation.grid {
            let values = ndcg(weight: weight)
            let mean = values.reduce(0, +) / Double(max(values.count, 1))
            if mean > best.value + 1e-12 { best = (weight, mean) }
        }
        return best.weight
    }

    /// nDCG@10 by user with a liked test item.
    package func ndcg(weight: Double) -> [Double] {
        questions.map { question in
            let order = RatingPredictor.reranked(question.candidates, weight: weight)
            return UserScores(
                order.prefix(RerankEvaluation.k).map(\.item), relevant: question.liked, k: RerankEvaluation.k
            ).ndcg
        }
    }

    /// The means of both orders and a 95 % interval of their difference.
    package struct Comparison: Sendable, Equatable, Encodable {
        package let vectors: Double
        package let model: Double
        package let difference: Double
        package let lower: Double
        package let upper: Double
        package let weight: Double
        package let users: Int
    }

    /// - Parameter weight: learned without this test.
    /// - Returns: nil when nobody liked anything in the test. The interval is a paired bootstrap over users, 2,000
    ///   resamples, always the same ones.
    package func comparison(weight: Double) -> Comparison? {
        let (before, after) = (ndcg(weight: 0), ndcg(weight: weight))
        guard !before.isEmpty else { return nil }
        let count = before.count
        let differences = zip(after, before).map { $0 - $1 }
        var random = SplitMix64(seed: 42)
        let resamples = 2_000
        let means = (0..<resamples).map { _ in
            var sum = 0.0
            for _ in 0..<count { sum += differences[Int(random.next() % UInt64(count))] }
            return sum / Double(count)
        }.sorted()
        return Comparison(
            vectors: before.reduce(0, +) / Double(count), model: after.reduce(0, +) / Double(count),
            difference: differences.reduce(0, +) / Double(count), lower: means[resamples / 40],
            upper: means[resamples - 1 - resamples / 40], weight: weight, users: count)
    }
}
