import Foundation
import Kernels
import MovieLens
import Testing
import Training

@Suite struct RankingResultsTests {
    /// Four movies; in training all four users have movie 4, one of them movie 1 too.
    private let train = Dataset(
        name: "test",
        movies: (1...4).map { Movie(id: $0, title: "\($0)", releaseDate: nil, imdbURL: nil, genres: []) },
        users: (1...4).map { User(id: $0, age: 20, gender: .male, occupation: "x", zipCode: "1") },
        ratings: (1...4).map { Rating(user: $0, item: 4, value: 3, timestamp: 0) }
            + [Rating(user: 1, item: 1, value: 3, timestamp: 0)],
        genres: [], files: [], isSynthetic: true)

    private func results(k: Int) -> RankingResults {
        Evaluation(train: train).results(
            userVectors: FloatMatrix(rows: 4, columns: 2, values: [0, 1, 0, 1, 0, 1, 0, 1]),
            itemVectors: FloatMatrix(rows: 4, columns: 2, values: [1, 1, 2, 1, 3, 1, 4, 1]),
            test: (1...4).map { Rating(user: $0, item: 2, value: 5, timestamp: 0) }, k: k)
    }

    @Test func `coverage, Gini and novelty are of what is shown`() {
        // User 1 has seen movies 1 and 4 and is shown movie 2; the others are shown movie 1.
        let metrics = results(k: 1).metrics
        #expect(results(k: 1).appearances == [3, 1, 0, 0])
        #expect(metrics.coverage == 0.5)
        // Ascending counts 0, 0, 1, 3: (1 · 1 + 3 · 3) / (4 · 4).
        #expect(metrics.gini == 0.625)
        // Movie 1 is had by one user of four: 2 bits; movie 2 by none, taken as one: 2 bits.
        #expect(metrics.novelty == 2)
        #expect(metrics.precision == 0.25)
    }

    @Test func `a list as long as the catalogue is even, and k may be larger`() {
        let metrics = results(k: 9).metrics
        #expect(results(k: 9).appearances == [3, 4, 4, 0])
        #expect(metrics.recall == 1)
        #expect(abs(metrics.precision - 1.0 / 9) < 1e-12)
    }

    @Test func `an interval holds the mean, is repeatable, and has no width without variance`() throws {
        let mixed = try #require(results(k: 1).intervals(seed: 1)["ndcg"])
        #expect(mixed.low < 0.25 && mixed.high > 0.25)
        #expect(results(k: 1).intervals(seed: 1) == results(k: 1).intervals(seed: 1))
        // Every user finds the one movie among the first three.
        let same = try #require(results(k: 3).intervals(seed: 1)["recall"])
        #expect(same.low == 1 && same.high == 1)
    }

    @Test func `an interval is about two standard errors to each side`() throws {
        // 0 or 1 with probability ½ for 400 users: the standard error of the mean is 0.025.
        let users = Int32(400)
        let dataset = Dataset(
            name: "test", movies: train.movies,
            users: (1...users).map { User(id: $0, age: 20, gender: .male, occupation: "x", zipCode: "1") },
            ratings: [Rating(user: 1, item: 4, value: 3, timestamp: 0)], genres: [], files: [], isSynthetic: true)
        let results = Evaluation(train: dataset).popularity(
            test: (2...users).map { Rating(user: $0, item: $0 % 2 == 0 ? 4 : 3, value: 5, timestamp: 0) }, k: 1)
        let interval = try #require(results.intervals()["recall"])
        #expect(abs((interval.high - interval.low) - 0.098) < 0.015)
    }

    @Test func `without test ratings there is nothing to average`() {
        let empty = Evaluation(train: train).popularity(test: [])
        #expect(empty.metrics == RankingMetrics())
        #expect(empty.intervals().isEmpty)
    }

    @Test func `popularity shows what most users have and a user has not`() {
        let results = Evaluation(train: train).popularity(
            test: [Rating(user: 2, item: 1, value: 4, timestamp: 0), Rating(user: 1, item: 2, value: 4, timestamp: 0)])
        // Movies that nobody has are not popular: user 1 is shown nothing, user 2 only movie 1.
        #expect(results.appearances == [1, 0, 0, 0])
        #expect(results.metrics.recall == 0.5)
    }
}
