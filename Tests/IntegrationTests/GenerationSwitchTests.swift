import InMemoryLogging
import Loading
import Logging
import ModelBundle
import Postgres
import Retrieval
import Schema
import Service
import TestSupport
import Testing

/// A running service follows the pointer.
@Suite struct GenerationSwitchTests {
    /// Three models over one catalogue: other vectors, sizes, indexes and storages.
    private static func bundles() async throws -> [ModelBundle] {
        [
            try TrainedBundle.small(seed: 1), try await TrainedBundle.withRatingHead(),
            try TrainedBundle.small(seed: 3),
        ]
    }

    private static let options = [
        Loader.Options(index: .hnsw), Loader.Options(index: .ivfflat, activates: false),
        Loader.Options(index: .hnsw, storage: .halfvec, activates: false),
    ]

    private static func load(_ bundles: [ModelBundle], _ url: String) async throws {
        let connection = try await TestServer.connect(url)
        _ = try await Migrator(connection).migrate()
        for (bundle, options) in zip(bundles, options) {
            _ = try await Loader(connection, configuration: .init(url: url)).load(bundle, options)
        }
    }

    /// A database with generation 1 active and 2 and 3 ready.
    private func withGenerations(
        _ body: @Sendable (String, ServedGenerations) async throws -> Void
    ) async throws {
        let bundles = try await Self.bundles()
        try await TestServer.withDatabase { url in
            try await Self.load(bundles, url)
            try await body(url, ServedGenerations(bundles))
        }
    }

    private static func configuration(_ url: String) -> ServiceConfiguration {
        var configuration = ServiceConfiguration(databaseURL: url)
        // The machine may be busy, and a late answer would be marked.
        configuration.deadlineMilliseconds = 60_000
        configuration.search.statementTimeoutMilliseconds = 60_000
        return configuration
    }

    private struct Readiness: Decodable {
        let status: String
        let generation: Int
        let degraded: [String]
    }

    private func readiness(_ service: RunningService) async throws -> Readiness {
        try await service.get("/readyz").json()
    }

    /// Waits until the service says what is expected, for a minute at most.
    private func eventually(
        _ service: RunningService, _ expectation: (Readiness) -> Bool
    ) async throws -> Readiness {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let found = try await readiness(service)
            if expectation(found) || ContinuousClock.now > end { return found }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func expectServed(_ generation: Int, _ service: RunningService) async throws {
        let found = try await eventually(service) { $0.generation == generation && $0.status == "ready" }
        #expect(found.generation == generation && found.degraded.isEmpty)
        // From then on no answer is of another.
        let answer: Envelope = try await service.get("/v1/movies/1/similar").json()
        #expect(answer.generation == generation)
    }

    private func counter(_ name: String, _ service: RunningService) async throws -> Int? {
        let line = try await service.get("/metrics").text.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
        return line.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) }
    }

    /// Moves the pointer and nothing else: no notification, no views.
    private func point(at generation: Int, _ connection: Connection) async throws {
        try await connection.execute("UPDATE kindred.catalogues SET active_generation = \(generation)")
    }

    @Test("every answer under load is of one generation, whatever is activated or rolled back", arguments: [0, 10_000])
    func underLoad(cacheEntries: Int) async throws {
        try await withGenerations { url, generations in
            var configuration = Self.configuration(url)
            configuration.cacheEntries = cacheEntries
            try await RunningService.with(configuration) { service in
                let answers = try await Questioners.ask(service, generations) { questioners in
                    let activation = Activation(try await TestServer.connect(url))
                    for _ in 0..<6 {
                        _ = try await activation.activate(2)
                        try await expectServed(2, service)
                        _ = try await activation.activate(3)
                        try await expectServed(3, service)
                        #expect(try await activation.rollBack(catalogue: "movies") == (from: 3, to: 2))
                        try await expectServed(2, service)
                        #expect(try await activation.rollBack(catalogue: "movies") == (from: 2, to: 1))
                        try await expectServed(1, service)
                    }
                    return questioners.answers
                }
                #expect(answers.count == 3, "\(answers)")
                #expect(try await counter("kindred_generation_switches_total", service) == 24)
                #expect(try await counter("kindred_generation_switch_failures_total", service) == 0)
                #expect(try await counter("kindred_degraded_answers_total", service) == 0)
                let metrics = try await service.get("/metrics").text
                let shown = metrics.split(separator: "\n").filter { $0.hasPrefix("kindred_active_generation_info{") }
                #expect(shown.count == 1 && shown[0].contains(#"generation="1""#), "\(shown)")
            }
        }
    }

    @Test("a notification is followed long before the pointer would be looked at")
    func notification() async throws {
        try await withGenerations { url, _ in
            var configuration = Self.configuration(url)
            configuration.generationPollMilliseconds = 3_600_000
            let log = InMemoryLogHandler()
            try await RunningService.with(configuration, logger: Logger(label: "test") { _ in log }) { service in
                _ = try await Activation(try await TestServer.connect(url)).activate(2)
                try await expectServed(2, service)
                let line = try #require(log.entries.first { "\($0.message)" == "switched generation" })
                #expect(line.metadata["from"] == "1" && line.metadata["to"] == "2" && line.metadata["seconds"] != nil)
            }
        }
    }

    @Test("a move of the pointer that nobody notifies of is found by looking")
    func polling() async throws {
        try await withGenerations { url, _ in
            try await RunningService.with(Self.configuration(url)) { service in
                let connection = try await TestServer.connect(url)
                for generation in [2, 3, 1] {
                    try await point(at: generation, connection)
                    try await expectServed(generation, service)
                }
            }
        }
    }

    /// How a generation can be damaged, and how that is mended.
    static let damages = [
        (
            "UPDATE kindred.item_vectors_g2 SET embedding = embedding * embedding WHERE item_id = 7",
            "UPDATE kindred.item_vectors_g2 v SET embedding = c.embedding FROM copy c WHERE c.item_id = v.item_id"
        ),
        (
            """
            ALTER TABLE kindred.generations DROP CONSTRAINT generations_storage_check;
            UPDATE kindred.generations SET storage = 'sparsevec' WHERE id = 2
            """, "UPDATE kindred.generations SET storage = 'vector' WHERE id = 2"
        ),
        (
            "ALTER TABLE kindred.item_vectors_g2 RENAME TO item_vectors_gone",
            "ALTER TABLE kindred.item_vectors_gone RENAME TO item_vectors_g2"
        ),
    ]

    @Test(
        "a generation that cannot be served is refused, the former goes on, and it is taken up once it is mended",
        arguments: damages)
    func damaged(damage: String, remedy: String) async throws {
        try await withGenerations { url, generations in
            try await RunningService.with(Self.configuration(url)) { service in
                let connection = try await TestServer.connect(url)
                try await connection.execute("CREATE TABLE copy AS SELECT * FROM kindred.item_vectors_g2")
                try await Questioners.ask(service, generations) { _ in
                    try await connection.execute(damage)
                    try await point(at: 2, connection)
                    let refused = try await eventually(service) { !$0.degraded.isEmpty }
                    #expect(refused.status == "degraded" && refused.generation == 1)
                    #expect(
                        refused.degraded == [
                            "generation 2 is active but cannot be served; generation 1 goes on answering"
                        ])
                    let answer: Envelope = try await service.get("/v1/movies/2/similar").json()
                    #expect(answer.generation == 1 && !answer.degraded)
                    // It is no obstacle to another.
                    try await point(at: 3, connection)
                    try await expectServed(3, service)
                    try await point(at: 2, connection)
                    _ = try await eventually(service) { !$0.degraded.isEmpty }
                    try await connection.execute(remedy)
                    try await expectServed(2, service)
                }
                #expect(try await counter("kindred_generation_switch_failures_total", service) ?? 0 >= 2)
                #expect(try await counter("kindred_generation_switches_total", service) == 2)
            }
        }
    }

    @Test("a pointer that has moved back by the time a generation is read leaves the served one in place")
    func toAndFro() async throws {
        try await withGenerations { url, generations in
            try await RunningService.with(Self.configuration(url)) { service in
                let (connection, blocker) = (try await TestServer.connect(url), try await TestServer.connect(url))
                try await blocker.execute("BEGIN; LOCK TABLE kindred.user_vectors_g2")
                let answers = try await Questioners.ask(service, generations) { questioners in
                    try await point(at: 2, connection)
                    let reading = """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE application_name = 'kindred-watch' AND wait_event_type = 'Lock'
                          AND datname = current_database()
                        """
                    while try await connection.query(reading).int64(0, 0) == 0 {
                        try await Task.sleep(for: .milliseconds(10))
                    }
                    try await point(at: 1, connection)
                    try await blocker.execute("COMMIT")
                    let waiting = """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE application_name = 'kindred-watch' AND state = 'idle' AND datname = current_database()
                          AND query LIKE 'SELECT active_generation,%'
                        """
                    while try await connection.query(waiting).int64(0, 0) == 0 {
                        try await Task.sleep(for: .milliseconds(10))
                    }
                    try await expectServed(1, service)
                    try await point(at: 3, connection)
                    try await expectServed(3, service)
                    return questioners.answers
                }
                #expect(answers[2] == nil)
                #expect(try await counter("kindred_generation_switches_total", service) == 1)
                #expect(try await counter("kindred_generation_switch_failures_total", service) == 0)
            }
        }
    }

    @Test("a pointer that names nothing changes nothing, and is said")
    func noneActive() async throws {
        try await withGenerations { url, _ in
            try await RunningService.with(Self.configuration(url)) { service in
                let connection = try await TestServer.connect(url)
                try await connection.execute("UPDATE kindred.catalogues SET active_generation = NULL")
                let found = try await eventually(service) { !$0.degraded.isEmpty }
                #expect(found.generation == 1)
                #expect(
                    found.degraded == [
                        "the catalogue has no active generation any more; generation 1 goes on answering"
                    ])
                try await point(at: 1, connection)
                try await expectServed(1, service)
            }
        }
    }

    @Test("a pointer that moves while the database restarts is followed")
    func restart() async throws {
        let bundles = try await Self.bundles()
        try await PrivateServer.with { server in
            let url = try await server.url()
            try await Self.load(bundles, url)
            let generations = ServedGenerations(bundles)
            try await RunningService.with(Self.configuration(url)) { service in
                try await Questioners.ask(service, generations, toleratesOutage: true) { _ in
                    for generation in [2, 3, 1] {
                        try await server.stop()
                        // The database is away, and so is the pointer.
                        let away = try await eventually(service) { $0.degraded.count == 2 }
                        #expect(away.status == "degraded" && away.degraded.count == 2, "\(away.degraded)")
                        try await server.start()
                        _ = try await Activation(try await TestServer.connect(url)).activate(generation)
                        try await expectServed(generation, service)
                    }
                }
            }
        }
    }

    @Test("where the server cannot notify, which is said once, looking is enough")
    func standby() async throws {
        let bundles = try await Self.bundles()
        try await PrivateServer.with { server in
            let url = try await server.url()
            try await Self.load(bundles, url)
            try await server.stop()
            try server.becomeStandby()
            try await server.start()
            let log = InMemoryLogHandler()
            let logger = Logger(label: "test") { _ in log }
            try await RunningService.with(Self.configuration(url), logger: logger) { service in
                let said = {
                    log.entries.count { "\($0.message)".contains("the pointer is only polled") }
                }
                let connection = try await TestServer.connect(url)
                try await expectServed(1, service)
                // A new session asks, and is refused, again.
                try await connection.execute(
                    """
                    SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
                    WHERE application_name = 'kindred-watch'
                    """)
                _ = try await eventually(service) { _ in
                    log.entries.contains { "\($0.message)".contains("can be read again") }
                }
                #expect(said() == 1)
                // Sessions outlive the promotion; this one listens to nothing.
                #expect(try await connection.query("SELECT pg_promote(true, 60)").bool(0, 0))
                _ = try await Activation(connection).activate(2)
                try await expectServed(2, service)
                #expect(said() == 1)
            }
        }
    }

    @Test("a schema that has grown since this program was built is served and followed")
    func newerSchema() async throws {
        try await withGenerations { url, _ in
            let connection = try await TestServer.connect(url)
            try await connection.execute(
                """
                ALTER TABLE kindred.items ADD future text;
                ALTER TABLE kindred.generations ADD future text NOT NULL DEFAULT 'x';
                INSERT INTO kindred.schema_migrations VALUES (9999, 'future', 'x')
                """)
            #expect(try await Migrator(connection).verifyForReading()?.applied == 9999)
            try await RunningService.with(Self.configuration(url)) { service in
                try await expectServed(1, service)
                // By the newer program.
                _ = try await connection.query("SELECT kindred.activate_generation(2)")
                try await expectServed(2, service)
            }
        }
    }

    @Test("a start without an active generation ends with what to do")
    func nothingToStartWith() async throws {
        try await TestServer.withDatabase { url in
            _ = try await Migrator(try await TestServer.connect(url)).migrate()
            await #expect(throws: RetrievalError.noActiveGeneration(catalogue: "movies")) {
                try await RunningService.with(Self.configuration(url)) { _ in }
            }
        }
    }
}
