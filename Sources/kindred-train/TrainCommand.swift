import ArgumentParser
import Foundation
import ModelBundle
import MovieLens
import Settings
import Training

/// `kindred-train train`
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Learn vectors and write a bundle.",
        discussion: """
            Without --data, MOVIELENS_100K, or a download in <home>/data, MovieLens 100k is downloaded first. Training \
            twice on the same input gives the same bundle.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "A MovieLens folder, 100k to 32M, told apart by its files (KINDRED_DATA, MOVIELENS_100K).")
    var data: String?

    @Option(help: "Learn from these ratings instead of the folder's own; with --csv-…, from these alone.")
    var ratings: String?

    @OptionGroup var csv: RatingsFile.Options

    @Option(help: "How many rows of ratings that cannot be read are skipped and listed, 0…1000000 (default 0).")
    var maxBadRows: Int?

    @Option(help: "Threads, 1…1024; the bundle does not depend on it (default: one per processor).")
    var threads: Int?

    @Flag(help: "Learn from generated ratings.")
    var synthetic = false

    @Option(help: "Generated users (default 943).")
    var users: Int?

    @Option(help: "Generated movies (default 1682).")
    var movies: Int?

    @Option(help: "Generated ratings (default 100000).")
    var ratingsCount: Int?

    @Option(help: "Seed of the generated data (default 42).")
    var seed: Int?

    @Option(help: "The bundle's folder (default <home>/bundles/<name>-<version>).")
    var out: String?

    @Option(help: "The bundle's name (default movielens-100k, or generated).")
    var name: String?

    @Option(name: .customLong("bundle.version"), help: "The bundle's version (default: start of its content hash).")
    var bundleVersion: String?

    @Option(help: "The commit to record (default: that of the working folder).")
    var gitRevision: String?

    @Flag(inversion: .prefixedNo, help: "Measure the recipe on held-out ratings too (default: yes).")
    var holdout: Bool?

    @Option(help: "Hyper-parameters that kindred-train tune has written (default: the recipe's).")
    var tuned: String?
    @Flag(inversion: .prefixedNo, help: "Learn to predict ratings too (default: yes).")
    var ratingHead: Bool?

    @Flag(help: "Print a summary as JSON.")
    var json = false

    func run() async throws {
        try await Failure.reported {
            let plan = try await TrainingPlan(self)
            let run = try await plan.run()
            try plan.writesJSON ? Console.output(json: run) : Console.output(run.bundle)
        }
    }
}
