import ArgumentParser
import Loading
import Postgres
import Retrieval
import Settings

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that the database can serve, and say what to do where it cannot.")

    @Option(help: "Catalogue to check (default: movies).")
    var catalogue: String?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Summary: Encodable {
        let postgres: Int
        let pgvector: String
        let generation: Int
        let index: String
        let items: Int
        let users: Int
    }

    func run() async throws {
        try await reportingFailure {
            let settings = try await database.settings()
            let connection = try await database.connect(settings)
            let requirements = try await ServerRequirements.check(on: connection)
            if let warning = requirements.warning { note("warning: \(warning)") }
            try await database.verifyForReading(connection)
            let name = try settings.string("catalogue", flag: catalogue) ?? "movies"
            // Reads and checks every vector, as the service does when it starts.
            let snapshot = try await SnapshotReader(connection).read(catalogue: name)
            let generation = snapshot.generation
            let summary = Summary(
                postgres: requirements.serverVersion, pgvector: requirements.vectorVersion, generation: generation.id,
                index: generation.index, items: snapshot.items.count, users: snapshot.userCount)
            try output.print(
                summary,
                text: """
                    PostgreSQL \(summary.postgres / 10_000).\(summary.postgres % 10_000), pgvector \(summary.pgvector)
                    generation \(summary.generation) (\(generation.model) \(generation.version), index \(summary.index))
                    \(summary.items) items and \(summary.users) users, every vector finite and of its declared norm
                    """)
        }
    }
}
