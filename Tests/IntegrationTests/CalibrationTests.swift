import Foundation
import Loading
import Logging
import ModelBundle
import Postgres
import Retrieval
import Service
import TestSupport
import Testing

/// What searches find and take: measured, kept, and gone by.
@Suite(.timeLimit(.minutes(20))) struct CalibrationTests {
    /// Measures the active generation, and leaves it in the database.
    private func calibrate(_ database: LoadedDatabase, queries: Int = 60) async throws -> [Calibration.Point] {
        let connection = try await TestServer.connect(database.url)
        let snapshot = try await SnapshotReader(connection).read(catalogue: "movies")
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let points = try await Calibrator.with(
            snapshot, connection: .init(url: database.url), settings: .init(), effort: .init(queries: queries),
            logger: logger, report: { _ in }
        ) { try await $0.run() }
        try await Calibration.write(points, generation: snapshot.generation.id, on: connection)
        return points
    }

    /// The service has taken the measurements up once it can promise a recall.
    private func waitUntilCalibrated(_ service: RunningService, _ path: String) async throws {
        try await eventually("the service goes by the measurements") {
            try await service.get("\(path)?recall_target=0").status == 200
        }
    }

    @Test("every parameter is measured, for both spaces", arguments: [IndexKind.hnsw, .ivfflat, .none])
    func points(index: IndexKind) async throws {
        try await LoadedDatabase.with(try TrainedBundle.wide(), index: index) { database in
            let points = try await calibrate(database)
            let varied: Calibration.Parameter? =
                switch index {
                case .hnsw: .efSearch
                case .ivfflat: .probes
                case .none: nil
                }
            for space in SearchSpace.allCases {
                let own = points.filter { $0.space == space }
                #expect(Set(own.map(\.parameter)) == Set([varied, .limit, .scan, .gather].compactMap(\.self)))
                for count in [10, 100] where varied != nil {
                    let ladder = own.filter { $0.parameter == varied && $0.count == count }
                    #expect(ladder.last.map { $0.recall > 0.999 } ?? false, "\(ladder)")
                    #expect(ladder.map(\.value) == ladder.map(\.value).sorted())
                }
            }
            #expect(points.allSatisfy { $0.median <= $0.percentile99 && $0.median > .zero })
            let rows = try await TestServer.connect(database.url).query(
                "SELECT count(*), min(recall), bool_and(p50_ms <= p99_ms) FROM kindred.calibrations")
            #expect(try rows.int64(0, 0) == points.count)
            #expect(try rows.double(0, 1) == points.map(\.recall).min())
        }
    }

    @Test("a recall that is asked for is reached, and a service takes measurements up while it runs")
    func recallTarget() async throws {
        try await LoadedDatabase.with(try TrainedBundle.wide()) { database in
            var configuration = ServiceConfiguration(databaseURL: database.url)
            configuration.generationPollMilliseconds = 20
            try await RunningService.with(configuration) { service in
                let bundle = database.bundle
                let path = "/v1/movies/\(bundle.items[0].id)/similar"
                let early = try await service.get("\(path)?recall_target=0.9")
                #expect(early.status == 409)
                #expect(try early.json(ProblemBody.self).type == "/problems/not-calibrated")

                _ = try await calibrate(database)
                try await waitUntilCalibrated(service, path)
                let oracle = BruteForce(bundle)
                let absent = Set(bundle.itemsWithoutSimilarity)
                for target in [0.5, 0.9, 0.99, 1] {
                    var (found, wanted) = (0, 0)
                    for (row, item) in bundle.items.enumerated().filter({ $0.offset.isMultiple(of: 4) })
                    where !absent.contains(item.id) {
                        let answer: Envelope = try await service.get(
                            "/v1/movies/\(item.id)/similar?recall_target=\(target)"
                        ).json()
                        #expect(try #require(answer.expectedRecall) >= target)
                        let exact = Set(oracle.similar(itemRow: row, count: 10))
                        found += answer.results.count { exact.contains($0.movieId) }
                        wanted += exact.count
                    }
                    // 60 searches were measured and 300 are made here.
                    #expect(Double(found) / Double(wanted) >= target - 0.03, "\(target): \(found) of \(wanted)")
                }
                let plain: Envelope = try await service.get(path).json()
                #expect(plain.expectedRecall == nil)
            }
        }
    }

    @Test("a recall that takes longer than the request's deadline is refused with the figures")
    func outOfReach() async throws {
        try await LoadedDatabase.with(try TrainedBundle.wide()) { database in
            _ = try await calibrate(database, queries: 20)
            let connection = try await TestServer.connect(database.url)
            // As if everything took a minute.
            try await connection.execute("UPDATE kindred.calibrations SET p99_ms = 60000")
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) { service in
                let path = "/v1/movies/\(database.bundle.items[0].id)/similar"
                try await eventually("the service goes by the measurements") {
                    try await service.get("\(path)?recall_target=0").status == 422
                }
                let reply = try await service.get(
                    "\(path)?recall_target=0.9", headers: ["X-Deadline-Ms": "100"])
                let problem: ProblemBody = try reply.json()
                #expect(reply.status == 422 && problem.type == "/problems/out-of-reach")
                #expect(problem.field == "recall_target" && problem.detail.contains("60000 ms"), "\(problem.detail)")
                // Whoever asks for no recall is answered.
                #expect(try await service.get(path).status == 200)
            }
        }
    }

    @Test("auto answers from whichever engine was measured to be faster, and says which")
    func auto() async throws {
        try await LoadedDatabase.with(try TrainedBundle.wide()) { database in
            _ = try await calibrate(database, queries: 20)
            let connection = try await TestServer.connect(database.url)
            for (memory, engine) in [(0.001, "memory"), (1_000.0, "pgvector")] {
                _ = try await connection.query(
                    """
                    UPDATE kindred.calibrations SET p50_ms = $1, p99_ms = 1000, measured_at = clock_timestamp()
                    WHERE parameter IN ('scan', 'gather')
                    """, [.double(memory)])
                var configuration = ServiceConfiguration(databaseURL: database.url)
                configuration.cacheEntries = 0
                try await RunningService.with(configuration) { service in
                    let id = database.bundle.items[0].id
                    try await waitUntilCalibrated(service, "/v1/movies/\(id)/similar")
                    try await service.waitUntilConnected("/v1/movies/\(id)/similar")
                    for query in ["engine=auto", "engine=auto&k=3&year_from=1900"] {
                        let answer: Envelope = try await service.get("/v1/movies/\(id)/similar?\(query)").json()
                        #expect(answer.source == engine && !answer.degraded, "\(query)")
                    }
                }
            }
        }
    }

    @Test("a service set to a recall searches for more where it would find less, and nobody says otherwise")
    func standardTarget() async throws {
        try await LoadedDatabase.with(try TrainedBundle.wide()) { database in
            _ = try await calibrate(database, queries: 20)
            var configuration = ServiceConfiguration(databaseURL: database.url)
            let path = "/v1/movies/\(database.bundle.items[0].id)/similar"
            let connection = try await TestServer.connect(database.url)
            try await connection.execute(
                "UPDATE kindred.calibrations SET recall = 0.9 WHERE parameter = 'ef_search' AND value <= 64")
            configuration.cacheEntries = 0
            try await RunningService.with(configuration) { service in
                try await waitUntilCalibrated(service, path)
                let plain: Envelope = try await service.get(path).json()
                #expect(try #require(plain.expectedRecall) >= 0.95)
                let chosen: Envelope = try await service.get("\(path)?ef_search=10").json()
                #expect(chosen.expectedRecall == nil)
            }
            try await connection.execute(
                """
                UPDATE kindred.calibrations SET recall = 0.96, measured_at = clock_timestamp()
                WHERE parameter = 'ef_search' AND value <= 64
                """)
            try await RunningService.with(configuration) { service in
                try await waitUntilCalibrated(service, path)
                let plain: Envelope = try await service.get(path).json()
                #expect(plain.expectedRecall == nil)
            }
        }
    }
}
