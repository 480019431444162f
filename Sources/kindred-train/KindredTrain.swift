import ArgumentParser

@main
struct KindredTrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kindred-train",
        abstract: "Learn vectors from ratings, offline.",
        discussion: """
            Every option is also an environment variable (--ratings-count is KINDRED_RATINGS_COUNT) and a key of the \
            JSON file named by --config or KINDRED_CONFIG.

            Exit codes: 0 done, 64 usage, 65 bad data, 66 missing input, 69 unavailable (network), 70 internal, \
            73 cannot write.
            """,
        subcommands: [
            FetchCommand.self, TrainCommand.self, EvaluateCommand.self, EvaluateSimilarCommand.self,
            EvaluateFoldedCommand.self, EvaluateRatingsCommand.self, EvaluateRerankCommand.self, SplitCommand.self,
            TuneCommand.self, ReportCommand.self, ImportCommand.self, SynthesizeCommand.self,
        ])
}
