import ArgumentParser

@main
struct Kindred: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kindred",
        abstract: "Serve nearest-neighbour answers from PostgreSQL and pgvector.",
        discussion: """
            Every setting is a flag, an environment variable (--cache-entries is KINDRED_CACHE_ENTRIES) and a key of a \
            JSON file given by --config or KINDRED_CONFIG ({"cache": {"entries": 0}}); a flag wins over a variable, \
            a variable over the file. DATABASE_URL and PORT are understood without the prefix.

            Exit codes: 0 done, 64 wrong usage, 65 bad data, 69 something needed is not there, 70 failed.
            """,
        subcommands: [
            Migrate.self, Load.self, Generations.self, Activate.self, Rollback.self, Calibrate.self, Serve.self,
            Doctor.self,
        ])
}
