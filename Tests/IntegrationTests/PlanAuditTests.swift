import InMemoryLogging
import Kernels
import Loading
import Logging
import ModelBundle
import Postgres
import Schema
import Service
import Telemetry
import TestSupport
import Testing

@testable import Retrieval

/// What the service says of the plans of its statements.
@Suite struct PlanAuditTests {
    private struct Readiness: Decodable {
        let status: String
        let degraded: [String]
    }

    private static func configuration(_ url: String, everySeconds interval: Int = 1) -> ServiceConfiguration {
        var configuration = ServiceConfiguration(databaseURL: url)
        configuration.planAuditSeconds = interval
        return configuration
    }

    /// Waits until the service is so, for a minute at most.
    private func eventually(
        _ service: RunningService, _ what: Comment, _ expectation: (Readiness, String) throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let reply = try await service.get("/readyz")
            #expect(reply.status == 200)
            let (ready, metrics) = (try reply.json(Readiness.self), try await service.get("/metrics").text)
            if try expectation(ready, metrics) { return }
            guard ContinuousClock.now < end else {
                Issue.record("\(what): \(ready) \(series(metrics))")
                return
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func series(_ metrics: String) -> [Substring] {
        metrics.split(separator: "\n").filter { $0.hasPrefix("kindred_plan_uses_index{") }
    }

    private func value(_ metrics: String, route: String, limit: Int, exclusions: Bool = false) -> String? {
        let name = "kindred_plan_uses_index{exclusions=\"\(exclusions)\",limit=\"\(limit)\",route=\"\(route)\"} "
        return metrics.split(separator: "\n").first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.count)) }
    }

    @Test(
        "an index that goes is a gauge, a line of the log and of /readyz; made again, all is well",
        .enabled(if: TrainedBundle.isPublishedAvailable, "needs MOVIELENS_100K and KINDRED_SPLITS"))
    func lostIndex() async throws {
        let published = try await TrainedBundle.published()
        try await LoadedDatabase.with(published.bundle) { database in
            let log = InMemoryLogHandler()
            let logger = Logger(label: "test") { _ in log }
            try await RunningService.with(Self.configuration(database.url), logger: logger) { service in
                let trouble =
                    "generation 1 has no index on embedding any more: recommendations are found by comparing every vector"
                try await eventually(service, "whole") { ready, metrics in
                    series(metrics).count == 28 && ready.status == "ready"
                        && value(metrics, route: "recommendations", limit: 16, exclusions: true) == "1"
                        && value(metrics, route: "similar", limit: 16) == "1"
                }
                let operation = try await TestServer.connect(database.url)
                try await operation.execute("DROP INDEX kindred.item_vectors_g1_embedding_idx")
                try await eventually(service, "dropped") { ready, metrics in
                    ready.status == "degraded" && ready.degraded == [trouble]
                        && CandidateQueries.limits.allSatisfy { limit in
                            [false, true].allSatisfy {
                                value(metrics, route: "recommendations", limit: limit, exclusions: $0) == "0"
                            }
                        } && value(metrics, route: "similar", limit: 16) == "1"
                }
                let line = try #require(log.entries.first { "\($0.message)" == trouble })
                #expect(line.level == .error)
                // The line says what makes it again, and that does.
                let remedy = "\(line.metadata["remedy"] ?? "")"
                #expect(
                    remedy.hasSuffix("USING hnsw (embedding public.vector_l2_ops) WITH (m = 16, ef_construction = 128)")
                )
                try await operation.execute(remedy)
                try await eventually(service, "made again") { ready, metrics in
                    ready.status == "ready" && value(metrics, route: "recommendations", limit: 16) == "1"
                }
                #expect(log.entries.contains { "\($0.message)" == "every statement is answered as it should be again" })
                #expect(log.entries.count { "\($0.message)" == trouble } == 1)
            }
        }
    }

    @Test("an index whose building was broken off is trouble; built again, it is none")
    func invalidIndex() async throws {
        let bundle = try TrainedBundle.small()
        try await LoadedDatabase.with(bundle, storage: .halfvec) { database in
            let (operation, writer) = (
                try await TestServer.connect(database.url), try await TestServer.connect(database.url)
            )
            try await operation.execute("DROP INDEX kindred.item_vectors_g1_similarity_idx")
            // Building waits for those who may write without knowing of the index.
            try await writer.execute("BEGIN; LOCK TABLE kindred.item_vectors_g1 IN ROW EXCLUSIVE MODE")
            try await operation.execute("SET statement_timeout = 500")
            await #expect(throws: PostgresError.self) {
                try await operation.execute(
                    """
                    CREATE INDEX CONCURRENTLY broken_off ON kindred.item_vectors_g1
                    USING hnsw ((similarity::public.halfvec(\(bundle.similarity.columns))) public.halfvec_l2_ops)
                    """)
            }
            try await writer.execute("COMMIT")
            try await operation.execute("SET statement_timeout = 0")
            try await RunningService.with(Self.configuration(database.url)) { service in
                try await eventually(service, "invalid") { ready, _ in
                    ready.degraded == [
                        "generation 1 has an invalid index on similarity, broken_off: similar items are found by comparing every vector"
                    ]
                }
                try await operation.execute("REINDEX INDEX CONCURRENTLY kindred.broken_off")
                try await eventually(service, "built again") { ready, _ in ready.status == "ready" }
            }
        }
    }

    @Test("a new generation is audited when it is served, long before its turn", arguments: [IndexKind.ivfflat, .none])
    func switched(index: IndexKind) async throws {
        let bundle = try TrainedBundle.small()
        try await LoadedDatabase.with(bundle) { database in
            let operation = try await TestServer.connect(database.url)
            _ = try await Loader(operation, configuration: .init(url: database.url)).load(
                bundle, .init(index: index, activates: false))
            try await operation.execute("DROP INDEX IF EXISTS kindred.item_vectors_g2_similarity_idx")
            let configuration = Self.configuration(database.url, everySeconds: 86_400)
            try await RunningService.with(configuration) { service in
                try await eventually(service, "first") { ready, metrics in
                    series(metrics).count == 28 && ready.status == "ready"
                }
                _ = try await Activation(operation).activate(2)
                try await eventually(service, "second") { ready, metrics in
                    switch index {
                    case .none: ready.status == "ready" && series(metrics).isEmpty
                    default: ready.degraded.contains { $0.hasPrefix("generation 2 has no index on similarity") }
                    }
                }
                _ = try await Activation(operation).activate(1)
                try await eventually(service, "first again") { ready, metrics in
                    series(metrics).count == 28 && ready.status == "ready"
                }
            }
        }
    }

    @Test(
        "a planner that prefers to scan is right about few rows and wrong about many", arguments: VectorStorage.allCases
    )
    func preference(storage: VectorStorage) async throws {
        let bundle = try TrainedBundle.small()
        try await LoadedDatabase.with(bundle, storage: storage) { database in
            try await database.withRetriever { retriever, _ in
                let settings = SearchSettings()
                func audit(_ session: [String], rows: Int) async throws -> PlanAudit.Outcome {
                    let connection = try await TestServer.connect(
                        database.url, session: settings.sessionStatements + session)
                    let audit = PlanAudit(
                        retriever: retriever, connection: connection, deadline: soon(), rowsWorthAnIndex: rows)
                    let outcome = try await audit.run()
                    // Nothing was executed, and every statement was planned often enough to be settled.
                    let planned = try await connection.query(
                        """
                        SELECT count(*), bool_and(generic_plans + custom_plans = 6)
                        FROM pg_prepared_statements WHERE name LIKE '%\\_g1\\_%'
                        """)
                    #expect(try planned.int64(0, 0) == 28 && planned.bool(0, 1))
                    return outcome
                }
                let preferring = ["SET enable_indexscan = off"]
                let few = try await audit(preferring, rows: bundle.items.count)
                #expect(few.findings.count == 28 && few.findings.allSatisfy { !$0.usesIndex } && few.troubles.isEmpty)
                let many = try await audit(preferring, rows: bundle.items.count - 1)
                #expect(many.troubles.map(\.route) == [.similar, .recommendations])
                for trouble in many.troubles {
                    guard case .unused(_, CandidateQueries.limits, bundle.items.count) = trouble.cause else {
                        Issue.record("\(trouble)")
                        continue
                    }
                }
                let forced = try await audit(["SET enable_seqscan = off", "SET enable_sort = off"], rows: 0)
                #expect(forced.findings.allSatisfy(\.usesIndex) && forced.troubles.isEmpty)
            }
        }
    }
}
