import ArgumentParser
import Foundation

/// Compares three ways to keep PostgreSQL busy with the same prepared search: non-blocking libpq driven by the task that
/// leased the connection; the same with statements dispatched by whoever frees a connection, as the service does it; and
/// threads that block in libpq.
@main
struct EnginePools: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine-pools",
        abstract: "Compare the service's database client with its alternatives, below and above saturation.",
        discussion: "Prints a table; its last line is the same as one JSON object.")

    @Option(help: "The database with the generation to search. Default: the variable DATABASE_URL")
    var databaseUrl: String?

    @Option(help: "Connections of each client.")
    var connections = 4

    @Option(help: "Requests that may wait for a connection; more are refused.")
    var queue = 256

    @Option(help: "Seconds of each measurement; another half of it warms up.")
    var seconds = 3.0

    @Option(help: "Rounds, in each of which all clients take their turn at every load.")
    var rounds = 3

    func validate() throws {
        guard (1...200).contains(connections) else { throw ValidationError("--connections: from 1 to 200") }
        guard (0...100_000).contains(queue) else { throw ValidationError("--queue: from 0 to 100,000") }
        guard (0.1...600).contains(seconds) else { throw ValidationError("--seconds: from 0.1 to 600") }
        guard rounds >= 3 else { throw ValidationError("--rounds: at least 3, for a median") }
    }

    func run() async throws {
        guard let url = databaseUrl ?? ProcessInfo.processInfo.environment["DATABASE_URL"] else {
            throw ValidationError("name the database with --database-url or DATABASE_URL")
        }
        let search = try await Search.read(url: url)
        let driven = try await PoolClient(.callerDriven, search, connections: connections, queue: queue)
        let dispatched = try await PoolClient(.dispatched, search, connections: connections, queue: queue)
        let blocking = try BlockingPool(search, connections: connections, queue: queue)
        defer {
            driven.close()
            dispatched.close()
            blocking.close()
        }
        let comparison = PoolComparison(
            clients: [driven, dispatched, blocking], vectors: search.vectors, duration: .seconds(seconds),
            rounds: rounds)
        try await comparison.checkAgreement()
        let result = try await comparison.run()
        print(result.table())
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.keyEncodingStrategy = .convertToSnakeCase
        print(String(decoding: try encoder.encode(result), as: UTF8.self))
    }
}
