import ArgumentParser
import Foundation
import MovieLens
import Settings
import Training

/// `kindred-train evaluate`
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Learn from one file of ratings and measure the ranking on another.",
        discussion: "The movies and users come from the ml-100k folder; the genres take part in the vectors.")

    @OptionGroup var common: CommonOptions

    @Option(help: "The ml-100k folder (KINDRED_DATA, MOVIELENS_100K).")
    var data: String?

    @Option(help: "The ratings to learn from (columns of u.data).")
    var train: String?

    @Option(help: "The ratings to measure on.")
    var test: String?

    @Option(help: "The length of the ranking, 1…1000 (default 10).")
    var k: Int?

    @Option(help: "Only test ratings of at least this many stars are relevant, 1…5 (default 1: all).")
    var relevantFrom: Int?

    @Flag(help: "Print the metrics as JSON.")
    var json = false

    func run() async throws {
        try await Failure.reported {
            let settings = try await common.settings()
            let source = DataSource(
                locator: DatasetLocator(
                    folder: try settings.string("data", flag: data), home: try common.home(settings),
                    environment: ProcessInfo.processInfo.environment),
                fetcher: try common.fetcher(settings))
            let trainFile = try file("train", train, settings)
            let testFile = try file("test", test, settings)
            let k = try settings.int("k", flag: k, default: 10, in: 1...1_000)
            let relevantFrom = try settings.int("relevant.from", flag: relevantFrom, default: 1, in: 1...5)
            let writesJSON = try settings.bool("json", flag: json ? true : nil, default: false)

            let dataset = try Dataset.read(folder: try await source.folder(), ratings: trainFile)
            let test = try dataset.readRatings(testFile)
            try refuseOverlap(dataset.ratings, test)
            let timings = Timings()
            let trainer = Trainer(progress: { timings.add($0.rawValue, $1) })
            let recommender = try trainer.vectors(of: dataset).recommender
            let metrics = timings.measure("evaluation") {
                Evaluation(train: dataset).ranking(
                    userVectors: recommender.userVectors, itemVectors: recommender.itemVectors, test: test, k: k,
                    relevantFrom: Float(relevantFrom))
            }
            try print(metrics, asJSON: writesJSON)
        }
    }

    private func file(_ key: String, _ flag: String?, _ settings: Settings) throws -> URL {
        guard let path = try settings.string(key, flag: flag) else {
            throw SettingsError.missing(key: "--\(key)", advice: "name a file with the columns of u.data")
        }
        return URL(fileURLWithPath: path)
    }

    /// A rating to learn from is no question: its movie is never recommended, and the figures would be too low.
    private func refuseOverlap(_ train: [Rating], _ test: [Rating]) throws {
        func pair(_ rating: Rating) -> Int64 { Int64(rating.user) << 32 | Int64(rating.item) }
        let shared = Set(train.map(pair)).intersection(test.map(pair)).count
        guard shared == 0 else {
            throw Failure(.badData, "\(shared) ratings are in both files: name a split")
        }
    }

    private func print(_ metrics: RankingMetrics, asJSON: Bool) throws {
        if asJSON {
            try Console.output(json: EvaluationResult(metrics))
            return
        }
        for (name, value) in EvaluationResult(metrics).lines { Console.output("\(name) \(value)") }
    }
}
