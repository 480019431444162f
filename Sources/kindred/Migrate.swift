import ArgumentParser
import Loading

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database's schema up to date.",
        discussion: "Safe to run at any time and by several programs at once; a second run changes nothing.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Summary: Encodable { let applied: [Int] }

    func run() async throws {
        try await reportingFailure {
            let settings = try await database.settings()
            let connection = try await database.connect(settings)
            let applied = try await Migrator(connection, report: note).migrate()
            try output.print(
                Summary(applied: applied),
                text: applied.isEmpty ? "the schema is up to date" : "applied \(applied.count) migrations")
        }
    }
}
