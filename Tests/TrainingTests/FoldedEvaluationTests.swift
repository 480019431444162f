import MovieLens
import Testing
import Training

@Suite struct FoldedEvaluationTests {
    private let train: Dataset
    private let test: [Rating]

    init() throws {
        let dataset = try SyntheticCatalogue(users: 120, movies: 150, ratings: 4_800, seed: 3).generate()
        let split = ItemStratifiedSplit(dataset.ratings)
        train = dataset.with(ratings: split.train)
        test = split.test
    }

    @Test func `every user is measured once, and longer histories find more`() throws {
        let results = try FoldedEvaluation(train: train, folds: 3).results(
            test: test, histories: [.whole, .cut(to: 1)])
        #expect(results.map(\.scores.count) == [Set(test.map(\.user)).count, Set(test.map(\.user)).count])
        #expect(results[0].metrics.ndcg > results[1].metrics.ndcg)
    }

    @Test func `folds and cuts depend on the seed and not on the order of the ratings`() throws {
        let one = try FoldedEvaluation(train: train, folds: 2, seed: 7).results(test: test, histories: [.cut(to: 3)])
        let reversed = train.with(ratings: train.ratings.reversed())
        let other = try FoldedEvaluation(train: reversed, folds: 2, seed: 7).results(
            test: test, histories: [.cut(to: 3)])
        let third = try FoldedEvaluation(train: train, folds: 2, seed: 8).results(test: test, histories: [.cut(to: 3)])
        #expect(one[0].scores == other[0].scores)
        #expect(one[0].metrics != third[0].metrics)
    }

    @Test func `a history shorter than the cut stays whole`() throws {
        let results = try FoldedEvaluation(train: train, folds: 2).results(
            test: test, histories: [.whole, .cut(to: 10_000)])
        #expect(results[0].scores == results[1].scores)
    }

    @Test func `with everybody in training, whole histories give the trained vectors`() throws {
        let folded = try FoldedEvaluation(train: train, holdsOut: false).results(test: test, histories: [.whole])
        let recommender = try Trainer().recommender(of: train)
        let trained = Evaluation(train: train).results(
            userVectors: recommender.userVectors, itemVectors: recommender.itemVectors, test: test)
        #expect(folded[0].scores == trained.scores)
    }
}
