import ArgumentParser
import Loading

struct Generations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the generations in the database, newest first.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await reportingFailure {
            let settings = try await database.settings()
            let connection = try await database.connect(settings)
            try await database.verifyForReading(connection)
            let generations = try await Generation.all(on: connection)
            try output.print(generations, text: Self.table(generations))
        }
    }

    private static func table(_ generations: [Generation]) -> String {
        guard !generations.isEmpty else { return "no generation has been loaded" }
        let rows =
            [["id", "state", "catalogue", "model", "version", "index", "loaded", "activated"]]
            + generations.map {
                [
                    String($0.id), $0.state, $0.catalogue, $0.model, $0.version, $0.index, $0.loadedAt,
                    $0.activatedAt ?? "-",
                ]
            }
        return TextTable(rows: rows).description
    }
}
