import ArgumentParser
import Foundation
import MovieLens
import Settings

/// `kindred-train split`
struct SplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Write the published benchmark's split: 75 % of each movie's ratings and the rest.",
        discussion: "The files hold ratings, which GroupLens does not allow to pass on.")

    @OptionGroup var common: CommonOptions

    @Option(help: "The ml-100k folder (KINDRED_DATA, MOVIELENS_100K).")
    var data: String?

    @Option(help: "Seed of NumPy's legacy generator, 0…4294967295 (default 42, the published one).")
    var seed: Int?

    @Option(help: "The folder for the two files (default <home>/splits).")
    var out: String?

    func run() async throws {
        try await Failure.reported {
            let settings = try await common.settings()
            let home = try common.home(settings)
            let source = DataSource(
                locator: DatasetLocator(
                    folder: try settings.string("data", flag: data), home: home,
                    environment: ProcessInfo.processInfo.environment),
                fetcher: try common.fetcher(settings))
            let seed = try settings.int("seed", flag: seed, default: 42, in: 0...Int(UInt32.max))
            let out = URL(fileURLWithPath: try settings.string("out", flag: out) ?? "\(home)/splits")
            let dataset = try Dataset.read(folder: try await source.folder())
            let split = ItemStratifiedSplit(dataset.ratings, seed: UInt32(seed))
            for (part, ratings) in [("train", split.train), ("test", split.test)] {
                let file = out.appending(path: "item-stratified-seed\(seed).\(part).tsv")
                try write(ratings, to: file)
                Console.output(file.path)
            }
        }
    }

    private func write(_ ratings: [Rating], to file: URL) throws {
        let lines = ratings.map { "\($0.user)\t\($0.item)\t\(Int($0.value))\t\($0.timestamp)\n" }
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(lines.joined().utf8).write(to: file, options: .atomic)
        } catch {
            throw Failure(.cannotWrite, "cannot write \(file.path): \(error.localizedDescription)")
        }
    }
}
