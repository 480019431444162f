import ModelBundle
import MovieLens
import Testing
import Training

@Suite struct RerankEvaluationTests {
    private let train: Dataset
    private let test: [Rating]
    private let predictor: RatingPredictor
    private let trainer: RatingHeadTrainer

    init() throws {
        let whole = try SyntheticCatalogue(users: 60, movies: 80, ratings: 1_500, seed: 4).generate()
        let split = ItemStratifiedSplit(whole.ratings, seed: 1)
        train = whole.with(ratings: split.train)
        test = split.test
        var parameters = RatingHeadParameters()
        parameters.neighbors = 10
        trainer = RatingHeadTrainer(parameters)
        predictor = try trainer.predictor(train)
    }

    @Test func `without a weight the order is that of the vectors`() throws {
        let evaluation = RerankEvaluation(predictor, train: train, test: test)
        let comparison = try #require(evaluation.comparison(weight: 0))
        #expect(comparison.vectors == comparison.model)
        #expect(comparison.difference == 0 && comparison.lower == 0 && comparison.upper == 0)
        #expect(comparison.users == Set(test.filter { $0.value >= 4 }.map(\.user)).count)

        let vectors = try Trainer().vectors(of: train).recommender
        let ranking = Evaluation(train: train).ranking(
            userVectors: vectors.userVectors, itemVectors: vectors.itemVectors, test: test, relevantFrom: 4)
        #expect(abs(ranking.ndcg - comparison.vectors) < 1e-9)
    }

    @Test func `a comparison is the same every time and its interval holds the difference`() throws {
        let evaluation = RerankEvaluation(predictor, train: train, test: test)
        let comparison = try #require(evaluation.comparison(weight: 2))
        #expect(comparison == evaluation.comparison(weight: 2))
        #expect(comparison.lower < comparison.difference && comparison.difference < comparison.upper)
        #expect(abs(comparison.model - comparison.vectors - comparison.difference) < 1e-12)
    }

    @Test func `nobody who liked anything is nothing to compare`() {
        let evaluation = RerankEvaluation(predictor, train: train, test: test.filter { $0.value < 4 })
        #expect(evaluation.comparison(weight: 1) == nil)
        #expect(evaluation.bestWeight() == 0)
    }

    @Test func `the weight that is learned is the best on validation`() throws {
        let evaluation = RerankEvaluation(predictor, train: train, test: test)
        let best = evaluation.ndcg(weight: evaluation.bestWeight()).reduce(0, +)
        for weight in [0, 0.5, 1, 2, 3] { #expect(evaluation.ndcg(weight: weight).reduce(0, +) <= best + 1e-9) }
    }

    @Test func `one rating teaches no weight`() throws {
        let single = try SyntheticCatalogue(users: 1, movies: 4, ratings: 1, seed: 5).generate()
        #expect(try trainer.rerankWeight(single) == 0)
    }

    @Test func `a re-ranked answer has the same items by descending appeal`() throws {
        var head = predictor.head
        head.constants.rerankWeight = 2
        let recommender = try Trainer().vectors(of: train).recommender
        let weighted = RatingPredictor(head, recommender)
        let profile = weighted.profile([.init(row: 3, value: 5), .init(row: 9, value: 2)])
        let candidates = Array(weighted.ratedItems.prefix(40))
        let order = weighted.reranked(candidates, for: profile).map(\.item)
        #expect(Set(order) == Set(candidates))
        let totals = order.map { weighted.appeal(profile, item: $0).total(weight: 2) }
        #expect(totals == totals.sorted(by: >))
        #expect(order != predictor.reranked(candidates, for: profile).map(\.item))
    }
}
