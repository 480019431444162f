import ArgumentParser
import Foundation
import MovieLens
import Settings
import Training

/// `kindred-train evaluate-ratings`
struct EvaluateRatingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate-ratings", abstract: "Measure predicted ratings on the official five folds.",
        discussion: """
            Learns from each of u1.base … u5.base and predicts the ratings of the .test file beside it, without their \
            times. Predictions are never outside the scale.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "The ml-100k folder with u1.base, u1.test, … u5.test.")
    var folds: String?

    @Flag(help: "Print the errors as JSON.")
    var json = false

    func run() async throws {
        try await Failure.reported {
            let settings = try await common.settings()
            guard let path = try settings.string("folds", flag: folds) else {
                throw SettingsError.missing(key: "--folds", advice: "name an ml-100k folder")
            }
            let writesJSON = try settings.bool("json", flag: json ? true : nil, default: false)
            let folder = URL(fileURLWithPath: path)
            let timings = Timings()
            var errors: [(fold: String, accuracy: RatingAccuracy)] = []
            for fold in (1...5).map({ "u\($0)" }) {
                let train = try Dataset.read(folder: folder, ratings: folder.appending(path: "\(fold).base"))
                let test = try train.readRatings(folder.appending(path: "\(fold).test"))
                try EvaluateRatingsCommand.check(fold, train.ratings, test)
                let accuracy = try timings.measure(fold) {
                    RatingAccuracy(of: try RatingHeadTrainer().predictor(train), train: train, test: test)
                }
                errors.append((fold, accuracy))
            }
            let result = RatingEvaluationResult(errors)
            if writesJSON {
                try Console.output(json: result)
            } else {
                for (name, values) in [("rmse", result.rmse), ("mae", result.mae)] {
                    for (fold, value) in values.sorted(by: { $0.key < $1.key }) {
                        Console.output("\(name) \(fold) \(String(format: "%.4f", value))")
                    }
                }
            }
        }
    }

    private static func check(_ fold: String, _ train: [Rating], _ test: [Rating]) throws {
        func pair(_ rating: Rating) -> Int64 { Int64(rating.user) << 32 | Int64(rating.item) }
        guard !train.isEmpty, !test.isEmpty else {
            throw Failure(.badData, "\(fold).base or \(fold).test has no ratings")
        }
        let shared = Set(train.map(pair)).intersection(test.map(pair)).count
        guard shared == 0 else {
            throw Failure(.badData, "\(shared) ratings are in both \(fold).base and \(fold).test")
        }
    }
}

/// What `evaluate-ratings` prints: errors in stars, by fold and their mean.
struct RatingEvaluationResult: Encodable {
    let rmse: [String: Double]
    let mae: [String: Double]

    init(_ errors: [(fold: String, accuracy: RatingAccuracy)]) {
        func named(_ value: (RatingAccuracy) -> Double) -> [String: Double] {
            var result = Dictionary(uniqueKeysWithValues: errors.map { ($0.fold, value($0.accuracy)) })
            result["mean"] = errors.reduce(0) { $0 + value($1.accuracy) } / Double(errors.count)
            return result
        }
        rmse = named(\.rmse)
        mae = named(\.mae)
    }
}
