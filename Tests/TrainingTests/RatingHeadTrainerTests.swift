import Foundation
import Kernels
import ModelBundle
import MovieLens
import Testing
import Training

@Suite struct RatingHeadTrainerTests {
    private let dataset: Dataset
    private let parameters: RatingHeadParameters

    init() throws {
        dataset = try SyntheticCatalogue(users: 80, movies: 150, ratings: 2_400, seed: 3).generate()
        var parameters = RatingHeadParameters()
        parameters.neighbors = 20
        self.parameters = parameters
    }

    private func bundle(_ dataset: Dataset) throws -> ModelBundle {
        let trainer = Trainer(ratings: parameters)
        let vectors = try trainer.vectors(of: dataset)
        return try trainer.bundle(
            vectors, ratingHead: trainer.ratingHead(of: dataset, vectors), of: dataset, metrics: [:],
            labels: .init(name: "test", checksum: ""))
    }

    @Test func `the same ratings give the same head, whatever their order`() throws {
        let first = try bundle(dataset)
        let second = try bundle(dataset.with(ratings: dataset.ratings.reversed()))
        #expect(first.manifest.files[BundleFile.ratingHead] != nil)
        #expect(first.manifest.contentHash == second.manifest.contentHash)
        #expect(first.manifest.hyperparameters["rating_neighbors"] == 20)
    }

    @Test func `every prediction is finite and in the scale, known or not`() throws {
        let ratings = dataset.ratings.filter { $0.item > 5 && $0.user != 80 }
        let bundle = try bundle(dataset.with(ratings: ratings))
        let predictor = try #require(RatingPredictor(bundle))
        let rows = Dictionary(uniqueKeysWithValues: zip(bundle.items.map(\.id), bundle.items.indices))
        let histories = Dictionary(grouping: bundle.interactions, by: \.user)
        var distinct: Set<Double> = []
        for user in bundle.users {
            let history = (histories[user.id] ?? []).map {
                RatingPredictor.Rated(row: rows[$0.item]!, value: $0.value)
            }
            let profile = predictor.profile(history, attributes: user.attributes)
            for item in bundle.items.indices.map({ Optional($0) }) + [nil] {
                let prediction = predictor.predict(profile, item: item)
                #expect(prediction >= 1 && prediction <= 5)
                distinct.insert(prediction)
            }
        }
        #expect(distinct.count > 5_000)
        let stranger = predictor.profile([])
        #expect(predictor.predict(stranger, item: nil) == predictor.head.constants.mean)
        #expect(predictor.predict(stranger, item: 0) == predictor.head.constants.mean)
    }

    @Test func `neighbours are the nearest of all`() throws {
        let head = try RatingHeadTrainer(parameters).head(dataset, Trainer().vectors(of: dataset).recommender)
        let raters = Dictionary(grouping: dataset.ratings, by: \.item).mapValues { Set($0.map(\.user)) }
        func cosine(_ left: Int, _ right: Int) -> Float {
            guard let left = raters[Int32(left + 1)], let right = raters[Int32(right + 1)] else { return 0 }
            return Float(
                Double(left.intersection(right).count) / (Double(left.count) * Double(right.count)).squareRoot())
        }
        for item in stride(from: 0, to: 150, by: 7) {
            let list = head.neighbors.all[head.neighbors.range(.coRated, of: item)].filter { $0.row >= 0 }
            let all = (0..<150).filter { $0 != item }.map { cosine(item, $0) }.filter { $0 > 0 }.sorted(by: >)
            #expect(list.map(\.similarity).sorted(by: >) == Array(all.prefix(20)))
            for neighbor in list { #expect(neighbor.similarity == cosine(item, Int(neighbor.row))) }
        }
    }

    @Test(arguments: [(12, 40, 60), (40, 12, 90), (1, 4, 1), (2, 2, 2)])
    func `tiny data is trained on`(users: Int, movies: Int, ratings: Int) throws {
        let dataset = try SyntheticCatalogue(users: users, movies: movies, ratings: ratings, seed: 5).generate()
        let predictor = try #require(RatingPredictor(try bundle(dataset)))
        let accuracy = RatingAccuracy(of: predictor, train: dataset, test: dataset.ratings)
        #expect(accuracy.rmse <= 4)
        #expect(accuracy.mae <= accuracy.rmse)
    }

    @Test func `no ratings are refused`() throws {
        #expect(throws: TrainingError.noRatings) {
            try RatingHeadTrainer().predictor(dataset.with(ratings: []))
        }
    }

    @Test func `errors are means over the ratings asked for`() throws {
        let predictor = try RatingHeadTrainer(parameters).predictor(dataset)
        let asked = Array(dataset.ratings.prefix(2))
        let errors = asked.map { rating in
            let one = RatingAccuracy(of: predictor, train: dataset, test: [rating])
            #expect(one.rmse == one.mae)
            return one.mae
        }
        let both = RatingAccuracy(of: predictor, train: dataset, test: asked)
        #expect(abs(both.mae - (errors[0] + errors[1]) / 2) < 1e-12)
        #expect(abs(both.rmse - ((errors[0] * errors[0] + errors[1] * errors[1]) / 2).squareRoot()) < 1e-12)
    }

    /// On a part of the ratings, for a debug build; the whole is `kindred-train evaluate-ratings`.
    @Test(.enabled(if: RealData.isExpected)) func `real ratings are predicted better than by biases`() throws {
        let (whole, test) = try RealData.split()
        func isKept(_ rating: Rating) -> Bool { rating.user <= 300 && rating.item <= 300 }
        let train = Dataset(
            name: "part", movies: whole.movies.filter { $0.id <= 300 }, users: whole.users.filter { $0.id <= 300 },
            ratings: whole.ratings.filter(isKept), genres: whole.genres, files: [], isSynthetic: false)
        let asked = test.filter(isKept)
        let predictor = try RatingHeadTrainer(parameters).predictor(train)
        let stack = RatingAccuracy(of: predictor, train: train, test: asked)
        let biases = RatingAccuracy(of: try withoutItems(predictor, train), train: train, test: asked)
        #expect(stack.rmse < biases.rmse)
        #expect(stack.rmse < 1)
    }

    /// The same biases, but every item counted as unrated: predictions fall back to μ + b_u + b_i.
    private func withoutItems(_ predictor: RatingPredictor, _ train: Dataset) throws -> RatingPredictor {
        var head = predictor.head
        var items = Matrix(head.items)
        for row in 0..<items.rows { items[row, RatingHead.Column.logCount] = 0 }
        head.items = items.floats
        let recommender = try Trainer().vectors(of: train).recommender
        return RatingPredictor(head, recommender)
    }
}
