import Foundation
import ModelBundle
import MovieLens
import Settings
import Synchronization
import Training

/// The settings of one training, read and checked, and the steps they lead to.
struct TrainingPlan {
    let writesJSON: Bool
    private let source: DataSource
    private let ratings: URL?
    private let synthetic: SyntheticCatalogue?
    private let home: URL
    private let out: String?
    private let name: String?
    private let version: String?
    private let gitRevision: String?
    private let measures: Bool

    init(_ command: TrainCommand) async throws {
        let settings = try await command.common.settings()
        let home = try command.common.home(settings)
        source = DataSource(
            locator: DatasetLocator(
                folder: try settings.string("data", flag: command.data), home: home,
                environment: ProcessInfo.processInfo.environment),
            fetcher: try command.common.fetcher(settings))
        ratings = try settings.string("ratings", flag: command.ratings).map { URL(fileURLWithPath: $0) }
        let sizes = 1...100_000_000
        let users = try settings.int("users", flag: command.users, default: 943, in: sizes)
        let movies = try settings.int("movies", flag: command.movies, default: 1_682, in: sizes)
        let count = try settings.int("ratings.count", flag: command.ratingsCount, default: 100_000, in: sizes)
        let seed = try settings.int("seed", flag: command.seed, default: 42, in: 0...Int.max)
        let isSynthetic = try settings.bool("synthetic", flag: command.synthetic ? true : nil, default: false)
        synthetic =
            isSynthetic
            ? try SyntheticCatalogue(users: users, movies: movies, ratings: count, seed: UInt64(seed)) : nil
        if isSynthetic, ratings != nil {
            throw Failure(.usage, "--synthetic generates ratings and --ratings names some: choose one")
        }
        self.home = URL(fileURLWithPath: home)
        out = try settings.string("out", flag: command.out)
        name = try settings.string("name", flag: command.name)
        version = try settings.string("bundle.version", flag: command.bundleVersion)
        for part in [name, version].compactMap({ $0 }) where !TrainingPlan.isFileName(part) {
            throw Failure(.usage, "'\(part)' becomes part of a folder's name: use letters, digits, - _ .")
        }
        gitRevision = try settings.string("git.revision", flag: command.gitRevision)
        measures = try settings.bool("holdout", flag: command.holdout, default: true)
        writesJSON = try settings.bool("json", flag: command.json ? true : nil, default: false)
    }

    func run() async throws -> TrainingRun {
        let timings = Timings()
        let loaded = try await load(timings)
        let dataset = loaded.dataset
        describe(dataset)
        let trainer = Trainer(progress: { stage, duration in timings.add(stage.rawValue, duration) })
        let vectors = try trainer.vectors(of: dataset)
        let metrics = measures ? try trainer.holdoutMetrics(dataset) : [:]
        let labels = Trainer.Labels(
            name: name ?? dataset.name, version: version,
            gitRevision: try gitRevision ?? Subprocess.gitRevision(), checksum: loaded.checksum)
        let bundle = try trainer.bundle(vectors, of: dataset, metrics: metrics, labels: labels)
        let folder = folder(of: bundle.manifest)
        let outcome = try timings.measure("write") { try bundle.write(to: folder) }
        for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
            Console.note("  \(name) \(String(format: "%.4f", value))")
        }
        Console.note(outcome == .written ? "the bundle is written:" : "this bundle is already there, unchanged:")
        return TrainingRun(
            bundle: folder.path, name: bundle.manifest.name, version: bundle.manifest.version,
            contentHash: bundle.manifest.contentHash, alreadyThere: outcome == .alreadyThere,
            synthetic: dataset.isSynthetic, users: dataset.users.count, items: dataset.movies.count,
            interactions: dataset.ratings.count, metrics: metrics, timings: timings.seconds)
    }

    private func load(_ timings: Timings) async throws -> DataSource.Loaded {
        let start = ContinuousClock.now
        let loaded: DataSource.Loaded
        if let synthetic {
            loaded = DataSource.Loaded(synthetic)
        } else {
            loaded = try await source.load(ratings: ratings)
        }
        timings.add("read", ContinuousClock.now - start)
        return loaded
    }

    private func describe(_ dataset: Dataset) {
        let origin = dataset.isSynthetic ? "GENERATED, not real ratings" : "MovieLens 100k"
        let sizes = "\(dataset.users.count) users, \(dataset.movies.count) movies, \(dataset.ratings.count) ratings"
        Console.note("\(sizes) (\(origin))")
        let duplicates = dataset.duplicateTitles
        if !duplicates.isEmpty {
            let shown = duplicates.prefix(3).map { "\($0.title) (\($0.ids.map(String.init).joined(separator: ", ")))" }
            let more = duplicates.count > 3 ? ", …" : ""
            Console.note(
                "\(duplicates.count) titles have several ids, which are kept: \(shown.joined(separator: "; "))\(more)")
        }
        let unrated = dataset.unratedMovies.count
        if unrated > 0 { Console.note("\(unrated) movies have no ratings: they get no recommendation vector") }
        let silent = dataset.silentUsers.count
        if silent > 0 { Console.note("\(silent) users have no ratings: they get no vector") }
    }

    private func folder(of manifest: BundleManifest) -> URL {
        if let out { return URL(fileURLWithPath: out) }
        return home.appending(path: "bundles/\(manifest.name)-\(manifest.version)")
    }

    private static func isFileName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".")
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    }
}
