import Kernels
import ModelBundle
import MovieLens
import Testing
import Training

@Suite struct TrainerTests {
    private let dataset: Dataset

    init() throws {
        dataset = try SyntheticCatalogue(users: 80, movies: 150, ratings: 2_400, seed: 3).generate()
    }

    private func bundle(_ dataset: Dataset) throws -> ModelBundle {
        let trainer = Trainer()
        return try trainer.bundle(
            trainer.vectors(of: dataset), of: dataset, metrics: [:], labels: .init(name: "test", checksum: ""))
    }

    @Test func `the same ratings give the same bundle, whatever their order`() throws {
        let reversed = dataset.with(ratings: dataset.ratings.reversed())
        #expect(try bundle(dataset).manifest.contentHash == bundle(reversed).manifest.contentHash)
    }

    @Test func `unrated movies and silent users are cold and the rest is not`() throws {
        let ratings = dataset.ratings.filter { $0.item > 5 && $0.user != 80 }
        let bundle = try bundle(dataset.with(ratings: ratings))
        #expect(bundle.coldItems == dataset.with(ratings: ratings).unratedMovies)
        #expect(bundle.coldItems.starts(with: [1, 2, 3, 4, 5]))
        #expect(bundle.coldUsers == [80])
        // Genres alone still make them similar to something.
        #expect(bundle.itemsWithoutSimilarity.isEmpty)
    }

    @Test func `a movie without ratings and genres has no similarity`() throws {
        let movies = dataset.movies.map { movie in
            movie.id > 2
                ? movie : Movie(id: movie.id, title: movie.title, releaseDate: nil, imdbURL: nil, genres: [])
        }
        let dataset = Dataset(
            name: "test", movies: movies, users: dataset.users,
            ratings: dataset.ratings.filter { $0.item > 2 }, genres: dataset.genres, files: [],
            isSynthetic: true)
        #expect(try bundle(dataset).itemsWithoutSimilarity == [1, 2])
    }

    @Test(arguments: [(12, 40, 60), (40, 12, 90), (1, 4, 1), (2, 2, 2)])
    func `tiny data of a low rank is trained on`(users: Int, movies: Int, ratings: Int) throws {
        let dataset = try SyntheticCatalogue(users: users, movies: movies, ratings: ratings, seed: 5).generate()
        let bundle = try bundle(dataset)
        #expect(bundle.itemVectors.columns == 64)
        #expect(bundle.users.count == users)
    }

    @Test func `neighbours in generated data share genres`() throws {
        let dataset = try SyntheticCatalogue(users: 300, movies: 400, ratings: 12_000, seed: 1).generate()
        let metrics = try Trainer().holdoutMetrics(dataset)
        #expect(try #require(metrics["holdout_similar_genre_jaccard"]) > 0.3)
        #expect(try #require(metrics["holdout_ndcg"]) > 0.1)
        #expect(try #require(metrics["holdout_users"]) > 290)
    }

    @Test func `the order of distances is the order of inner products`() throws {
        let recommender = try Trainer().vectors(of: dataset).recommender
        let items = recommender.itemVectors
        let rated = (0..<items.rows).filter { row in items[row].contains { $0 != 0 } }
        for user in (0..<10).map({ recommender.userVectors[$0] }) {
            func product(_ row: Int) -> Double { zip(user, items[row]).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
            func distance(_ row: Int) -> Double {
                zip(user, items[row]).reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
            }
            let scored = rated.map { (product($0), distance($0)) }.sorted { $0.0 > $1.0 }
            for (better, worse) in zip(scored, scored.dropFirst()) {
                #expect(better.1 <= worse.1 + 1e-5 * worse.1)
            }
        }
    }

    @Test func `data that cannot be trained on is refused with the reason`() throws {
        #expect(throws: TrainingError.noRatings) { try Trainer().vectors(of: dataset.with(ratings: [])) }
        let genres = dataset.genres + (0..<50).map { "Genre \($0)" }
        let crowded = Dataset(
            name: "test", movies: dataset.movies, users: dataset.users, ratings: dataset.ratings,
            genres: genres, files: [], isSynthetic: true)
        #expect(throws: TrainingError.tooManyGenres(68, dimensions: 64)) { try Trainer().vectors(of: crowded) }
        let huge = try SyntheticCatalogue(users: 60_000, movies: 6_000, ratings: 60_000, seed: 1).generate()
        let error = #expect(throws: TrainingError.tooLargeToMeasure(users: 60_000, movies: 6_000)) {
            try Trainer().holdoutMetrics(huge)
        }
        #expect(error?.description.contains("--no-holdout") == true)
    }
}
