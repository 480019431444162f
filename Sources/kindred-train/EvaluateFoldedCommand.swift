import ArgumentParser
import MovieLens
import Settings
import Training

/// `kindred-train evaluate-folded`
struct EvaluateFoldedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate-folded",
        abstract: "Measure the ranking for users whom training has never seen.",
        discussion: """
            The users are dealt into folds. For each fold the model learns from everybody else; a held-out user's train \
            ratings, whole or cut to a few drawn at random, are folded in, and the test ratings are to be found. With \
            --dislikes the histories are likes and dislikes without stars instead, once for each weight.
            """)

    /// What the histories are cut to, besides whole ones.
    private static let lengths = [3, 5, 10, 20]

    @OptionGroup var split: SplitOptions
    @OptionGroup var ranking: RankingOptions

    @Option(help: "Into how many folds the users are dealt, 2…100 (default 5).")
    var userFolds: Int?

    @Flag(help: "Train once on everybody, so that only cutting the histories makes a difference.")
    var everybody = false

    @Option(
        parsing: .upToNextOption,
        help: "Weights of a dislike (2 stars and less), where a like (4 and more) weighs 1.2: 0 leaves dislikes out.")
    var dislikes: [Double] = []

    @Option(help: "Hyper-parameters that kindred-train tune has written.")
    var tuned: String?

    @Option(help: "Seed of the folds, the cuts and the bootstrap (default 42).")
    var seed: Int?

    func run() async throws {
        try await Failure.reported {
            let settings = try await split.common.settings()
            let loaded = try await split.load(settings)
            loaded.describe()
            let k = try ranking.k(settings, movies: loaded.train.movies.count)
            let relevantFrom = try ranking.relevantFrom(settings)
            let writesJSON = try ranking.writesJSON(settings)
            let folds = try settings.int("user.folds", flag: userFolds, default: 5, in: 2...100)
            let seed = UInt64(try settings.int("seed", flag: seed, default: 42, in: 0...Int.max))
            let parameters = try TunedParameters.parameters(try settings.string("tuned", flag: tuned))
            let trainsOnAll = try settings.bool("everybody", flag: everybody ? true : nil, default: false)
            let known = loaded.withKnownUsersOnly()
            guard Set(known.train.ratings.map(\.user)).count >= folds else {
                throw Failure(.badData, "\(folds) folds need at least as many users with ratings to learn from")
            }
            let kinds =
                dislikes.isEmpty
                ? [.whole] + EvaluateFoldedCommand.lengths.map { FoldedEvaluation.History.cut(to: $0) }
                : dislikes.map { FoldedEvaluation.History.opinions(dislikeWeight: $0) }
            let timings = Timings()
            let results = try timings.measure("folds") {
                try FoldedEvaluation(
                    train: known.train, parameters: parameters, folds: folds, seed: seed, holdsOut: !trainsOnAll
                )
                .results(test: known.test, histories: kinds, k: k, relevantFrom: relevantFrom)
            }
            let named = try zip(kinds, results).map { kind, results in
                (kind, try EvaluationResult(results, seed: seed))
            }
            try print(named, asJSON: writesJSON)
        }
    }

    private func print(
        _ results: [(kind: FoldedEvaluation.History, result: EvaluationResult)], asJSON: Bool
    ) throws {
        if asJSON {
            var printed = FoldedResult()
            for (kind, result) in results {
                switch kind {
                case .whole: printed.whole = result
                case .cut(let length): printed.histories[String(length)] = result
                case .opinions(let weight): printed.dislikes[String(weight)] = result
                }
            }
            return try Console.output(json: printed)
        }
        for (kind, result) in results {
            switch kind {
            case .whole: Console.output("whole histories")
            case .cut(let length): Console.output("histories cut to \(length) items")
            case .opinions(let weight): Console.output("likes, and dislikes that weigh \(weight)")
            }
            try result.print(asJSON: false)
        }
    }
}

/// What `evaluate-folded --json` prints: the keys of `evaluate` for whole histories, and the same by length or by the weight
/// of dislikes.
private struct FoldedResult: Encodable {
    var whole: EvaluationResult?
    var histories: [String: EvaluationResult] = [:]
    var dislikes: [String: EvaluationResult] = [:]

    private enum CodingKeys: String, CodingKey {
        case histories, dislikes
    }

    func encode(to encoder: any Encoder) throws {
        try whole?.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        if !histories.isEmpty { try container.encode(histories, forKey: .histories) }
        if !dislikes.isEmpty { try container.encode(dislikes, forKey: .dislikes) }
    }
}
