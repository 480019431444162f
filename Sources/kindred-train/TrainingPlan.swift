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
    private let ratingsFile: RatingsFile?
    private let maxBadRows: Int
    private let threads: Int
    private let synthetic: SyntheticCatalogue?
    private let home: URL
    private let out: String?
    private let name: String?
    private let version: String?
    private let gitRevision: String?
    private let measures: Bool
    private let tuned: TunedParameters?
    private let predictsRatings: Bool

    init(_ command: TrainCommand) async throws {
        let settings = try await command.common.settings()
        let home = try command.common.home(settings)
        source = DataSource(
            locator: DatasetLocator(
                folder: try settings.string("data", flag: command.data), home: home,
                environment: ProcessInfo.processInfo.environment),
            fetcher: try command.common.fetcher(settings))
        let file = try settings.string("ratings", flag: command.ratings)
        ratings = file.map { URL(fileURLWithPath: $0) }
        maxBadRows = try settings.int("max.bad.rows", flag: command.maxBadRows, default: 0, in: 0...1_000_000)
        ratingsFile = try RatingsFile(command.csv, file: file, maxBadRows: maxBadRows, settings)
        threads = try settings.int(
            "threads", flag: command.threads, default: Parallel.processors, in: 1...1_024)
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
        tuned = try settings.string("tuned", flag: command.tuned).map(TunedParameters.read)
        predictsRatings = try settings.bool("rating.head", flag: command.ratingHead, default: true)
        writesJSON = try settings.bool("json", flag: command.json ? true : nil, default: false)
    }

    func run() async throws -> TrainingRun {
        let timings = Timings(stages: ["read"] + Trainer.Stage.allCases.map(\.rawValue) + ["write"])
        defer { timings.finish() }
        let loaded = try await load(timings)
        let dataset = loaded.dataset
        describe(dataset)
        list(loaded.skipped)
        // Said now, not after an hour of training.
        if measures { try Trainer.checkMeasurable(dataset) }
        let trainer = Trainer(
            try tuned?.applied() ?? Hyperparameters(), solver: SpectralSolver(workers: threads),
            progress: { stage, duration in timings.add(stage.rawValue, duration) })
        let vectors = try trainer.vectors(of: dataset)
        let head = predictsRatings ? try trainer.ratingHead(of: dataset, vectors) : nil
        let metrics = measures ? try trainer.holdoutMetrics(dataset) : [:]
        let labels = Trainer.Labels(
            name: name ?? dataset.name, version: version,
            gitRevision: try gitRevision ?? Subprocess.gitRevision(), checksum: loaded.checksum,
            tuning: tuned?.record ?? [:])
        let bundle = try trainer.bundle(vectors, ratingHead: head, of: dataset, metrics: metrics, labels: labels)
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
            interactions: dataset.ratings.count, skippedRows: loaded.skipped.count, peakBytes: PeakMemory.bytes,
            metrics: metrics, timings: timings.seconds)
    }

    private func load(_ timings: Timings) async throws -> DataSource.Loaded {
        let start = ContinuousClock.now
        let loaded: DataSource.Loaded
        if let synthetic {
            loaded = DataSource.Loaded(synthetic)
        } else if let ratingsFile {
            loaded = try DataSource.Loaded(ratingsFile)
        } else {
            loaded = try await source.load(ratings: ratings, maxBadRows: maxBadRows)
        }
        timings.add("read", ContinuousClock.now - start)
        return loaded
    }

    private func describe(_ dataset: Dataset) {
        let origin = dataset.isSynthetic ? "GENERATED, not real ratings" : dataset.name
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

    private func list(_ skipped: [MovieLensError]) {
        guard !skipped.isEmpty else { return }
        Console.note("\(skipped.count) rows could not be used and were skipped:")
        for error in skipped { Console.note("  \(error)") }
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
