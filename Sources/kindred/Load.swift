import ArgumentParser
import Foundation
import Loading
import ModelBundle
import Postgres
import Schema
import Settings

struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Load a bundle as a new generation.",
        discussion: """
            Copies the bundle in one transaction, builds the indexes, analyses, and with --activate moves the \
            catalogue's pointer. Loading the same bundle with the same index again changes nothing. Killed at any \
            point, the previous generation goes on serving and the next load cleans up.
            """)

    @Argument(help: "Folder of the bundle.")
    var bundle: String

    @Flag(help: "Make the generation active once it is ready.")
    var activate = false

    @Option(help: "Catalogue to load into (default: movies).")
    var catalogue: String?

    @Option(help: "Index on the vectors: hnsw, ivfflat or none (default: hnsw).")
    var index: IndexKind?

    @Option(help: "Type in which the index holds the vectors: vector, halfvec or bit (default: vector).")
    var storage: VectorStorage?

    @Option(help: "HNSW: links per element, 2 to 100 (default: 16).")
    var hnswLinks: Int?

    @Option(help: "HNSW: candidates while building, 4 to 1000 (default: 128).")
    var hnswConstruction: Int?

    @Option(help: "IVFFlat: groups of vectors, 1 to 32768 (default: what the rows need).")
    var ivfflatLists: Int?

    @Option(help: "Megabytes of memory for building an index, 1 to 1048576 (default: what the rows need, 64 to 2048).")
    var indexMemoryMb: Int?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Summary: Encodable {
        let generation: Int
        let alreadyLoaded: Bool
        let active: Bool
        let seconds: Double
        let findings: VectorFindings
    }

    func run() async throws {
        try await reportingFailure {
            let start = ContinuousClock.now
            let settings = try await database.settings()
            var options = Loader.Options(activates: activate)
            options.catalogue = try settings.string("catalogue", flag: catalogue) ?? options.catalogue
            options.index = try settings.choice("index", flag: index, default: options.index)
            options.storage = try settings.choice("storage", flag: storage, default: options.storage)
            guard options.index != .none || options.storage == .vector else {
                throw SettingsError.invalid(
                    source: "--storage",
                    reason: "'\(options.storage.rawValue)' is how an index holds vectors, and there is to be none")
            }
            options.hnswLinks = try settings.int("hnsw.links", flag: hnswLinks, default: 16, in: 2...100)
            options.hnswConstruction = try settings.int(
                "hnsw.construction", flag: hnswConstruction, default: 128, in: 4...1000)
            let lists = try settings.int("ivfflat.lists", flag: ivfflatLists, default: 0, in: 0...32_768)
            options.ivfflatLists = lists == 0 ? nil : lists
            let memory = try settings.int("index.memory.mb", flag: indexMemoryMb, default: 0, in: 0...1_048_576)
            options.indexMemoryMegabytes = memory == 0 ? nil : memory
            let configuration = try database.configuration(settings)
            let connection = try await database.connect(settings)
            let progress = LoadProgress()
            progress.begin("reading \(bundle)")
            let contents = try ModelBundle.read(at: URL(fileURLWithPath: bundle))
            let findings = VectorFindings(contents)
            for line in findings.lines { progress.begin(line) }
            let outcome = try await Loader(connection, configuration: configuration, report: progress.report)
                .load(contents, options)
            progress.end()
            let seconds = start.duration(to: .now) / .seconds(1)
            try output.print(
                Summary(
                    generation: outcome.generation, alreadyLoaded: outcome.wasLoaded, active: outcome.isActive,
                    seconds: seconds, findings: findings), text: Self.sentence(outcome, contents.manifest, seconds))
        }
    }

    private static func sentence(_ outcome: LoadOutcome, _ manifest: BundleManifest, _ seconds: Double) -> String {
        let state = outcome.isActive ? "active" : "ready; `kindred activate \(outcome.generation)` makes it serve"
        let name = "\(manifest.name) \(manifest.version)"
        guard !outcome.wasLoaded else {
            return "\(name) is loaded already, as generation \(outcome.generation) (\(state))"
        }
        return "loaded \(name) as generation \(outcome.generation) (\(state)) in "
            + seconds.formatted(.number.precision(.fractionLength(1))) + " s"
    }
}

extension IndexKind: ExpressibleByArgument {}
extension VectorStorage: ExpressibleByArgument {}
