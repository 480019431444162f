import Foundation
import Kernels
import MovieLens
import Testing
import Training

@Suite struct EvaluationTests {
    /// Six movies on a line at 1, 2, … 6; users stand at 0 unless a test says otherwise.
    private let items = FloatMatrix(rows: 6, columns: 2, values: [1, 1, 2, 1, 3, 1, 4, 1, 5, 1, 6, 1])

    private func train(_ ratings: [(user: Int32, item: Int32)], users: Int32 = 1) -> Dataset {
        Dataset(
            name: "test",
            movies: (1...6).map { Movie(id: $0, title: "\($0)", releaseDate: nil, imdbURL: nil, genres: []) },
            users: (1...users).map { User(id: $0, age: 20, gender: .male, occupation: "x", zipCode: "1") },
            ratings: rated(ratings), genres: [], files: [], isSynthetic: true)
    }

    private func rated(_ pairs: [(user: Int32, item: Int32)], value: Float = 3) -> [Rating] {
        pairs.map { Rating(user: $0.user, item: $0.item, value: value, timestamp: 0) }
    }

    @Test func `metrics are the ones of the protocol`() {
        // Movie 1 is seen; the ranking is 2, 3, 4; the test items are 3 and 6.
        let metrics = Evaluation(train: train([(1, 1)])).ranking(
            userVectors: FloatMatrix(rows: 1, columns: 2, values: [0, 1]), itemVectors: items,
            test: rated([(1, 3), (1, 6)]), k: 3)
        #expect(metrics.users == 1)
        #expect(abs(metrics.ndcg - (1 / log2(3)) / (1 + 1 / log2(3))) < 1e-12)
        #expect(metrics.recall == 0.5)
        #expect(abs(metrics.precision - 1.0 / 3) < 1e-12)
        #expect(metrics.map == 0.25)
        #expect(metrics.mapAtK == 0.25)
    }

    @Test func `the mean is over users with test items`() {
        let metrics = Evaluation(train: train([], users: 3)).ranking(
            userVectors: FloatMatrix(rows: 3, columns: 2, values: [0, 1, 9, 1, 0, 1]), itemVectors: items,
            test: rated([(1, 1), (2, 1)]), k: 1)
        #expect(metrics.users == 2)
        #expect(metrics.ndcg == 0.5)
    }

    @Test func `ties go to the lower id`() {
        let same = FloatMatrix(rows: 6, columns: 2, values: [Float](repeating: 1, count: 12))
        let evaluation = Evaluation(train: train([]))
        let user = FloatMatrix(rows: 1, columns: 2, values: [0, 1])
        #expect(evaluation.ranking(userVectors: user, itemVectors: same, test: rated([(1, 1)]), k: 1).ndcg == 1)
        #expect(evaluation.ranking(userVectors: user, itemVectors: same, test: rated([(1, 2)]), k: 1).ndcg == 0)
    }

    @Test func `an item or a user without a vector gives no hit`() {
        let cold = FloatMatrix(rows: 6, columns: 2, values: [0, 0, 2, 1, 3, 1, 4, 1, 5, 1, 6, 1])
        let metrics = Evaluation(train: train([], users: 2)).ranking(
            userVectors: FloatMatrix(rows: 2, columns: 2, values: [0.1, 0, 0, 0]), itemVectors: cold,
            test: rated([(1, 1), (1, 2), (2, 2)]), k: 1)
        #expect(metrics.users == 2)
        #expect(metrics.precision == 0.5)
    }

    @Test func `relevance can start at a rating`() {
        let test = rated([(1, 1)], value: 2) + rated([(1, 2)], value: 4)
        let metrics = Evaluation(train: train([])).ranking(
            userVectors: FloatMatrix(rows: 1, columns: 2, values: [0, 1]), itemVectors: items, test: test, k: 2,
            relevantFrom: 4)
        #expect(metrics.recall == 1)
        #expect(metrics.map == 0.5)
    }
}
