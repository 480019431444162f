import ArgumentParser
import Foundation
import Settings
import Training

/// `kindred-train evaluate-similar`
struct EvaluateSimilarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate-similar",
        abstract: "Learn from one file of ratings and measure the neighbours of movies on another.",
        discussion: """
            taste_auc: the chance that a test movie rated at least 4 is nearer to what the user liked than one rated at \
            most 2. genre_jaccard and co_liked_lift: of the ten nearest movies of those with at least 20 train ratings.
            """)

    @OptionGroup var split: SplitOptions

    @Option(help: "Hyper-parameters that kindred-train tune has written.")
    var tuned: String?

    @Flag(help: "Print the metrics as JSON.")
    var json = false

    func run() async throws {
        try await Failure.reported {
            let settings = try await split.common.settings()
            let loaded = try await split.load(settings)
            let writesJSON = try settings.bool("json", flag: json ? true : nil, default: false)
            let timings = Timings()
            let parameters = try TunedParameters.parameters(try settings.string("tuned", flag: tuned))
            let trainer = Trainer(parameters, progress: { timings.add($0.rawValue, $1) })
            let vectors = try trainer.vectors(of: loaded.train)
            let metrics = timings.measure("evaluation") {
                SimilarityEvaluation(train: loaded.train).metrics(vectors.similarity, test: loaded.test)
            }
            try SimilarityResult(metrics).print(asJSON: writesJSON)
        }
    }
}

/// What `evaluate-similar` prints.
private struct SimilarityResult: Encodable {
    let tasteAUC: Double
    let genreJaccard: Double
    let coLikedLift: Double

    enum CodingKeys: String, CodingKey {
        case tasteAUC = "taste_auc"
        case genreJaccard = "genre_jaccard"
        case coLikedLift = "co_liked_lift"
    }

    init(_ metrics: SimilarityMetrics) throws {
        guard let tasteAUC = metrics.tasteAUC else {
            throw Failure(
                .badData, "no user has three liked movies in training and both a liked and a disliked one in test")
        }
        self.tasteAUC = tasteAUC
        genreJaccard = metrics.genreJaccard
        coLikedLift = metrics.coLikedLift
    }

    func print(asJSON: Bool) throws {
        if asJSON { return try Console.output(json: self) }
        Console.output(String(format: "taste_auc %.4f", tasteAUC))
        Console.output(String(format: "genre_jaccard %.4f", genreJaccard))
        Console.output(String(format: "co_liked_lift %.4f", coLikedLift))
    }
}
