import ArgumentParser
import Foundation
import ModelBundle
import Settings
import Training

/// `kindred-train synthesize`
struct SynthesizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize", abstract: "Draw a bundle of any size, to measure loading and serving on.",
        discussion: """
            Nothing is learned: items lie in overlapping clusters of uneven size, users are encoded from what they have \
            seen. The same sizes and seed give the same bundle on every machine.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "Items, 60…100000000 (default 1000000).")
    var movies: Int?

    @Option(help: "Users, 0…100000000 (default 10000).")
    var users: Int?

    @Option(help: "Dimensions of every vector, 23…2000 (default 64).")
    var dimensions: Int?

    @Option(help: "Seed of the generated data (default 42).")
    var seed: Int?

    @Option(help: "The bundle's folder (default <home>/bundles/<name>-<version>).")
    var out: String?

    @Option(help: "The bundle's name (default clustered).")
    var name: String?

    @Option(name: .customLong("bundle.version"), help: "The bundle's version (default: start of its content hash).")
    var bundleVersion: String?

    func run() async throws {
        try await Failure.reported {
            let settings = try await common.settings()
            Console.output(try write(settings).path)
        }
    }

    /// The bundle's folder.
    private func write(_ settings: Settings) throws -> URL {
        let sizes = 0...100_000_000
        let catalogue = try ClusteredCatalogue(
            items: try settings.int("movies", flag: movies, default: 1_000_000, in: sizes),
            users: try settings.int("users", flag: users, default: 10_000, in: sizes),
            dimensions: try settings.int("dimensions", flag: dimensions, default: 64, in: 1...2_000),
            seed: UInt64(try settings.int("seed", flag: seed, default: 42, in: 0...Int.max)))
        let name = try settings.string("name", flag: name) ?? "clustered"
        let version = try settings.string("bundle.version", flag: bundleVersion)
        let timings = Timings(stages: ["draw", "write"])
        defer { timings.finish() }
        let bundle = try timings.measure("draw") {
            try catalogue.bundle(name: name, version: version, gitRevision: Subprocess.gitRevision())
        }
        let home = URL(fileURLWithPath: try common.home(settings))
        let folder =
            try settings.string("out", flag: out).map { URL(fileURLWithPath: $0) }
            ?? home.appending(path: "bundles/\(bundle.manifest.name)-\(bundle.manifest.version)")
        let outcome = try timings.measure("write") { try bundle.write(to: folder) }
        Console.note(outcome == .written ? "the bundle is written:" : "this bundle is already there, unchanged:")
        return folder
    }
}
