import ArgumentParser
import MovieLens
import Settings
import Training

/// `kindred-train evaluate`
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Learn from one file of ratings and measure the ranking on another.",
        discussion: """
            The movies and users come from the ml-100k folder; the genres take part in the vectors. The intervals are \
            95 % bootstrap intervals over users. With --through nothing is trained: the answers of a service or database \
            that has loaded the model of the same train file are measured, and are the same.
            """)

    @OptionGroup var split: SplitOptions
    @OptionGroup var ranking: RankingOptions

    @Option(help: "Hyper-parameters that kindred-train tune has written.")
    var tuned: String?

    @Flag(help: "Measure only users who have ratings to learn from.")
    var knownUsers = false

    @Flag(help: "Measure the most watched movies for everybody instead of the model.")
    var popularity = false

    @Option(
        help: ArgumentHelp(
            "Ask a running service (http://host:port) or database (postgresql://…) instead of training.",
            valueName: "url"))
    var through: String?

    @Flag(help: "With --through a database: compare with every vector instead of searching the index.")
    var exact = false

    @Option(help: "With --through a service: the order it is asked for: distance, model or none (default: distance).")
    var rerank: Rerank?

    @Option(help: "Seed of the bootstrap (default 42).")
    var seed: Int?

    func run() async throws {
        try await Failure.reported {
            let settings = try await split.common.settings()
            var loaded = try await split.load(settings)
            loaded.describe()
            if try settings.bool("known.users", flag: knownUsers ? true : nil, default: false) {
                loaded = loaded.withKnownUsersOnly()
            }
            let k = try ranking.k(settings, movies: loaded.train.movies.count)
            let relevantFrom = try ranking.relevantFrom(settings)
            let writesJSON = try ranking.writesJSON(settings)
            let seed = try settings.int("seed", flag: seed, default: 42, in: 0...Int.max)
            let parameters = try TunedParameters.parameters(try settings.string("tuned", flag: tuned))
            let isBaseline = try settings.bool("popularity", flag: popularity ? true : nil, default: false)

            let address = try settings.string("through", flag: through)
            guard !isBaseline || address == nil else {
                throw Failure(.usage, "--popularity asks nobody: leave --through away")
            }
            let rerank = try settings.choice("rerank", flag: rerank, default: .distance)
            guard rerank == .distance || address != nil else {
                throw Failure(.usage, "--rerank is for --through a service; evaluate-rerank measures without one")
            }

            let evaluation = Evaluation(train: loaded.train)
            let results: RankingResults
            if let address {
                let isExact = try settings.bool("exact", flag: exact ? true : nil, default: false)
                let source = try await RecommendationSources.at(address, exact: isExact, rerank: rerank)
                results = evaluation.results(
                    rankings: try await source.rankings(loaded, k: k), test: loaded.test, k: k,
                    relevantFrom: relevantFrom)
            } else if isBaseline {
                results = evaluation.popularity(test: loaded.test, k: k, relevantFrom: relevantFrom)
            } else {
                let timings = Timings()
                let trainer = Trainer(parameters, progress: { timings.add($0.rawValue, $1) })
                let recommender = try trainer.vectors(of: loaded.train).recommender
                results = timings.measure("evaluation") {
                    evaluation.results(
                        userVectors: recommender.userVectors, itemVectors: recommender.itemVectors,
                        test: loaded.test, k: k, relevantFrom: relevantFrom)
                }
            }
            try EvaluationResult(results, seed: UInt64(seed)).print(asJSON: writesJSON)
        }
    }
}
