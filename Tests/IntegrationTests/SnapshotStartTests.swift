import Foundation
import Loading
import ModelBundle
import Postgres
import Retrieval
import Service
import TestSupport
import Testing

/// A service that starts while the database is away, and its way back.
@Suite struct SnapshotStartTests {
    private static func configuration(_ url: String, _ state: StateFolder) -> ServiceConfiguration {
        var configuration = ServiceConfiguration(databaseURL: url)
        configuration.stateFolder = state.path
        configuration.databaseStartMilliseconds = 500
        configuration.deadlineMilliseconds = 60_000
        configuration.search.statementTimeoutMilliseconds = 60_000
        return configuration
    }

    private struct Readiness: Decodable {
        let status: String
        let generation: Int
        let degraded: [String]
    }

    private static func readiness(_ service: RunningService) async throws -> Readiness {
        let reply = try await service.get("/readyz")
        #expect(reply.status == 200)
        return try reply.json()
    }

    /// Waits until what is served, generation `generation`, is in the file.
    private static func saved(_ generation: Int, _ state: StateFolder) async throws {
        let file = SnapshotFile(folder: state.path, catalogue: "movies")
        try await eventually("the snapshot of generation \(generation) is written") {
            (try? file.read())?.generation.id == generation
        }
    }

    private static func recovered(_ generation: Int, _ service: RunningService) async throws {
        try await eventually("generation \(generation) is served and nothing is degraded") {
            let found = try await readiness(service)
            return found.generation == generation && found.status == "ready"
        }
    }

    private struct Line: Equatable {
        let ids: [Int32]
        let titles: [String]
        let distances: [Double?]
        let scores: [Double?]
        let ratings: [Double?]
    }

    /// Exact answers of every kind, for everyone.
    private static func answers(
        _ service: RunningService, _ bundle: ModelBundle, degraded: Bool
    ) async throws -> [String: Line] {
        let paths =
            bundle.items.prefix(60).map { "/v1/movies/\($0.id)/similar?exact=true" }
            + bundle.users.flatMap { user in
                ["", "&rerank=model"].map { "/v1/users/\(user.id)/recommendations?exact=true\($0)" }
            }
        var lines: [String: Line] = [:]
        for path in paths {
            let answer: Envelope = try await service.get(path).json()
            #expect(answer.degraded == degraded && answer.returned == 10, "\(path)")
            if degraded { #expect(answer.source == "memory", "\(path)") }
            lines[path] = Line(
                ids: answer.results.map(\.movieId), titles: answer.results.map(\.title),
                distances: answer.results.map(\.distance), scores: answer.results.map(\.score),
                ratings: answer.results.map(\.predictedRating))
        }
        return lines
    }

    @Test("without the database the service starts from its snapshot with the same answers, and comes back with it")
    func outage() async throws {
        let bundle = try await TrainedBundle.withRatingHead()
        try await StateFolder.with { state in
            try await PrivateServer.with { server in
                let url = try await server.url()
                try await LoadedDatabase.load(bundle, into: url)
                let before = try await RunningService.with(Self.configuration(url, state)) { service in
                    try await Self.saved(1, state)
                    return try await Self.answers(service, bundle, degraded: false)
                }
                try await server.stop()
                try await RunningService.with(Self.configuration(url, state)) { service in
                    let readiness = try await Self.readiness(service)
                    #expect(readiness.status == "degraded" && readiness.generation == 1)
                    #expect(
                        readiness.degraded.contains {
                            $0.wholeMatch(
                                of:
                                    /started from the snapshot of 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ \(generation 1\): the database was away/
                            ) != nil
                        }, "\(readiness.degraded)")
                    #expect(try await Self.answers(service, bundle, degraded: true) == before)
                    let immediate = try await service.get("/v1/movies/1/similar?engine=memory")
                    #expect(immediate.text.contains("\"degraded\":true"))
                    #expect(try await service.get("/metrics").text.contains("\nkindred_degraded 1\n"))
                    try await server.start()
                    try await Self.recovered(1, service)
                    #expect(try await Self.answers(service, bundle, degraded: false) == before)
                    let metrics = try await service.get("/metrics").text
                    #expect(metrics.contains("\nkindred_degraded 0\n"))
                    #expect(metrics.contains("\nkindred_generation_switches_total 0\n"))
                    // From here on it follows the pointer as any service does.
                    try await LoadedDatabase.load(bundle, into: url, index: .ivfflat)
                    try await Self.recovered(2, service)
                    try await Self.saved(2, state)
                }
                // Another generation than the snapshot's, activated while nobody was looking.
                try await server.stop()
                try await RunningService.with(Self.configuration(url, state)) { service in
                    #expect(try await Self.readiness(service).generation == 2)
                    try await server.start()
                    _ = try await Activation(try await TestServer.connect(url)).activate(1)
                    try await Self.recovered(1, service)
                    #expect(try await Self.answers(service, bundle, degraded: false) == before)
                }
            }
        }
    }

    @Test("the program itself starts from its snapshot, and from nothing else")
    func program() async throws {
        try await StateFolder.with { state in
            try await PrivateServer.with { server in
                let url = try await server.url()
                try await LoadedDatabase.load(try TrainedBundle.small(), into: url)
                let first = try await ServiceProcess.start(database: url, state: state)
                try await Self.saved(1, state)
                try await first.kill()
                try server.kill()
                let second = try await ServiceProcess.start(database: url, state: state)
                let answer: Envelope = try await RunningService.send("GET", second.base + "/v1/movies/1/similar").json()
                #expect(answer.degraded && answer.source == "memory" && answer.returned == 10)
                try await second.kill()
                let file = SnapshotFile(folder: state.path, catalogue: "movies").path
                let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
                try handle.truncate(atOffset: handle.seekToEndOfFile() - 1)
                let error = await #expect(throws: NotInTime.self) {
                    try await ServiceProcess.start(database: url, state: state)
                }
                let words = try #require(error?.description)
                #expect(words.contains("the database cannot be reached (") && words.contains("\(file): is damaged"))
            }
        }
    }

    @Test("a database that is there and has nothing to serve is no outage")
    func noneActive() async throws {
        try await StateFolder.with { state in
            try await LoadedDatabase.with(try TrainedBundle.small()) { database in
                try await RunningService.with(Self.configuration(database.url, state)) { _ in
                    try await Self.saved(1, state)
                }
                try await TestServer.connect(database.url).execute(
                    "UPDATE kindred.catalogues SET active_generation = NULL")
                await #expect(throws: RetrievalError.noActiveGeneration(catalogue: "movies")) {
                    try await RunningService.with(Self.configuration(database.url, state)) { _ in }
                }
            }
        }
    }

    @Test("a database that comes back with a schema too old is not read until it is migrated")
    func oldSchema() async throws {
        let check: @Sendable (Connection) async throws -> Void = { _ = try await Migrator($0).verifyForReading() }
        try await StateFolder.with { state in
            try await PrivateServer.with { server in
                let url = try await server.url()
                try await LoadedDatabase.load(try TrainedBundle.small(), into: url)
                try await RunningService.with(Self.configuration(url, state), checkSchema: check) { _ in
                    try await Self.saved(1, state)
                }
                let forget = "DELETE FROM kindred.schema_migrations WHERE number = 6"
                try await TestServer.connect(url).execute(
                    "CREATE TABLE kept AS TABLE kindred.schema_migrations; \(forget)")
                await #expect(throws: LoadingError.self) {
                    try await RunningService.with(Self.configuration(url, state), checkSchema: check) { _ in }
                }
                try await server.stop()
                try await RunningService.with(Self.configuration(url, state), checkSchema: check) { service in
                    try await server.start()
                    let trouble = "the database has a schema that this version of Kindred does not read"
                    try await eventually("readiness says so") {
                        try await Self.readiness(service).degraded.contains(trouble)
                    }
                    let answer: Envelope = try await service.get("/v1/movies/1/similar").json()
                    #expect(answer.degraded && answer.source == "memory")
                    try await TestServer.connect(url).execute(
                        "INSERT INTO kindred.schema_migrations SELECT * FROM kept WHERE number = 6")
                    try await Self.recovered(1, service)
                }
            }
        }
    }

    @Test("a state folder that cannot be written is said, and hurts no answer")
    func unwritable() async throws {
        try await StateFolder.with { state in
            try await LoadedDatabase.with(try TrainedBundle.small()) { database in
                try FileManager.default.createSymbolicLink(
                    atPath: SnapshotFile(folder: state.path, catalogue: "movies").path + ".new",
                    withDestinationPath: "/dev/full")
                try await RunningService.with(Self.configuration(database.url, state)) { service in
                    try await eventually("readiness says so") {
                        try await Self.readiness(service).degraded
                            == ["the snapshot for a start without the database cannot be written"]
                    }
                    let answer: Envelope = try await service.get("/v1/movies/1/similar").json()
                    #expect(!answer.degraded && answer.source == "pgvector")
                    let metrics = try await service.get("/metrics").text
                    #expect(metrics.contains("\nkindred_snapshot_failures_total 1\n"))
                    #expect(metrics.contains("\nkindred_snapshot_age_seconds +Inf\n"))
                }
            }
        }
    }
}
