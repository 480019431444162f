import ArgumentParser
import Foundation
import MovieLens
import Settings
import Training

/// `kindred-train evaluate-rerank`
struct EvaluateRerankCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate-rerank",
        abstract: "Compare the vectors' order with the re-rank by predicted rating: what would users like?",
        discussion: """
            Relevant are test ratings of at least 4. The weight of the predicted rating is learned on validation \
            carved from the train file. Prints nDCG@10 of both orders and a 95 % bootstrap interval of the difference.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "The ml-100k folder (KINDRED_DATA, MOVIELENS_100K).")
    var data: String?

    @Option(help: "The ratings to learn from (columns of u.data).")
    var train: String?

    @Option(help: "The ratings to measure on.")
    var test: String?

    func run() async throws {
        try await Failure.reported {
            let settings = try await common.settings()
            let source = DataSource(
                locator: DatasetLocator(
                    folder: try settings.string("data", flag: data), home: try common.home(settings),
                    environment: ProcessInfo.processInfo.environment),
                fetcher: try common.fetcher(settings))
            guard let trainPath = try settings.string("train", flag: train),
                let testPath = try settings.string("test", flag: test)
            else { throw SettingsError.missing(key: "--train and --test", advice: "name files like u.data") }
            let train = try Dataset.read(
                folder: try await source.folder(), ratings: URL(fileURLWithPath: trainPath))
            let test = try train.readRatings(URL(fileURLWithPath: testPath))
            let trainer = RatingHeadTrainer()
            let weight = try trainer.rerankWeight(train)
            let evaluation = RerankEvaluation(try trainer.predictor(train), train: train, test: test)
            guard let comparison = evaluation.comparison(weight: weight) else {
                throw Failure(.badData, "nobody rated anything 4 or more in \(testPath)")
            }
            try Console.output(json: comparison)
        }
    }
}
