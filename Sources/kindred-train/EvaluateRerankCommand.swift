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

    @OptionGroup var split: SplitOptions

    func run() async throws {
        try await Failure.reported {
            let loaded = try await split.load(try await split.common.settings())
            loaded.describe()
            let train = loaded.train
            let trainer = RatingHeadTrainer()
            let weight = try trainer.rerankWeight(train)
            let evaluation = RerankEvaluation(try trainer.predictor(train), train: train, test: loaded.test)
            guard let comparison = evaluation.comparison(weight: weight) else {
                throw Failure(.badData, "nobody rated anything 4 or more in the test file")
            }
            try Console.output(json: comparison)
        }
    }
}
