import ArgumentParser
import Loading
import Settings

struct Activate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a generation the one that is served.",
        discussion: "One transaction moves one pointer; running services follow it within seconds.")

    @Argument(help: "Number of the generation, from `kindred generations`.")
    var generation: Int

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Summary: Encodable {
        let generation: Int
        let replaced: Int?
    }

    func run() async throws {
        try await reportingFailure {
            let settings = try await database.settings()
            let connection = try await database.connect(settings)
            try await Migrator(connection).verify()
            let replaced = try await Activation(connection, report: note).activate(generation)
            let text =
                switch replaced {
                case generation: "generation \(generation) was active already"
                case let replaced?: "generation \(generation) is active; it replaced \(replaced)"
                case nil: "generation \(generation) is active"
                }
            try output.print(Summary(generation: generation, replaced: replaced), text: text)
        }
    }
}

struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Return to the generation that the active one replaced.",
        discussion: "The same transaction as `kindred activate`, backwards; running services follow it.")

    @Option(help: "Catalogue to roll back (default: movies).")
    var catalogue: String?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Summary: Encodable {
        let from: Int
        let to: Int
    }

    func run() async throws {
        try await reportingFailure {
            let settings = try await database.settings()
            let connection = try await database.connect(settings)
            try await Migrator(connection).verify()
            let name = try settings.string("catalogue", flag: catalogue) ?? "movies"
            let (from, to) = try await Activation(connection, report: note).rollBack(catalogue: name)
            try output.print(Summary(from: from, to: to), text: "rolled back from generation \(from) to \(to)")
        }
    }
}
