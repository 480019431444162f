import Testing

@testable import Retrieval

@Suite struct SearchPlannerTests {
    private static func point(
        _ parameter: Calibration.Parameter, _ value: Int, k: Int = 10, recall: Double = 1, ms: Double, p99: Double
    ) -> Calibration.Point {
        .init(
            space: .similarity, parameter: parameter, value: value, count: k, queries: 100, recall: recall,
            median: .milliseconds(ms), percentile99: .milliseconds(p99))
    }

    private static let measured = Calibration(
        points: [
            point(.efSearch, 16, recall: 0.90, ms: 0.5, p99: 1), point(.efSearch, 64, recall: 0.97, ms: 1, p99: 2),
            point(.efSearch, 250, recall: 0.995, ms: 3, p99: 6),
            point(.efSearch, 64, k: 100, recall: 0.90, ms: 2, p99: 4),
            point(.limit, 64, ms: 1, p99: 2), point(.limit, 1024, ms: 9, p99: 15),
            point(.scan, 100_000, ms: 4, p99: 8), point(.gather, 100, ms: 0.1, p99: 0.2),
            point(.gather, 1_000, ms: 1, p99: 2),
        ], measuredAt: 1)

    private func resolve(
        _ options: SearchOptions, count: Int = 10, calibration: Calibration = measured, limit: Int? = 16,
        isFiltered: Bool = false, gathered: Int? = nil, patience: Duration = .seconds(1)
    ) throws(RetrievalError) -> SearchOptions {
        let planner = SearchPlanner(generation: 7, calibration: calibration, index: (.efSearch, 64))
        return try planner.resolved(
            SearchRequest(.similar, of: 1, count: count, options: options),
            .init(
                space: .similarity, limit: limit, isFiltered: isFiltered, rows: gathered ?? 100_000,
                isGathered: gathered != nil, isBrief: false), within: patience
        ).options
    }

    private func wanting(_ target: Double, engine: SearchOptions.Engine = .pgvector) -> SearchOptions {
        var options = SearchOptions()
        options.recallTarget = target
        options.engine = engine
        return options
    }

    private func auto() -> SearchOptions {
        var options = SearchOptions()
        options.engine = .auto
        return options
    }

    @Test(
        "a recall is reached by the least search that was measured to reach it",
        arguments: [(0.5, 16, 0.90), (0.90, 16, 0.90), (0.91, 64, 0.97), (0.98, 250, 0.995)])
    func least(target: Double, efSearch: Int, recall: Double) throws {
        let options = try resolve(wanting(target))
        #expect(options.engine == .pgvector && options.efSearch == efSearch && options.expectedRecall == recall)
        #expect(options.recallTarget == nil, "what is kept under it must not depend on how it was chosen")
    }

    @Test("what no search of the index was measured to reach comes from memory, exactly")
    func exact() throws {
        for options in [try resolve(wanting(0.999)), try resolve(wanting(0.95), count: 50)] {
            #expect(options.engine == .memory && options.expectedRecall == 1 && options.efSearch == nil)
        }
        // A filter's candidates were not measured for recall.
        #expect(try resolve(wanting(0.5), isFiltered: true).engine == .memory)
    }

    @Test("a recall that takes longer than the deadline is refused with the figures, or comes from who is in time")
    func late() throws {
        #expect(
            throws: RetrievalError.outOfReach(
                .init(
                    target: 0.98, patience: .milliseconds(3), fastest: .milliseconds(6.0), bestInTime: 0.97))
        ) { try resolve(wanting(0.98), patience: .milliseconds(3)) }
        #expect(
            throws: RetrievalError.outOfReach(
                .init(target: 0.5, patience: .milliseconds(0.5), fastest: .milliseconds(1.0), bestInTime: nil))
        ) { try resolve(wanting(0.5), patience: .milliseconds(0.5)) }
        #expect(try resolve(wanting(0.999), patience: .milliseconds(9)).engine == .memory)
        #expect(try resolve(wanting(0.98), gathered: 100, patience: .milliseconds(3)).engine == .memory)
    }

    @Test("without measurements a recall cannot be promised")
    func uncalibrated() {
        #expect(throws: RetrievalError.notCalibrated(generation: 7)) { try resolve(wanting(0.5), calibration: .none) }
    }

    @Test("a search that is exact by itself has every recall")
    func already() throws {
        var options = wanting(0.99, engine: .memory)
        #expect(try resolve(options, calibration: .none).expectedRecall == 1)
        options.engine = .pgvector
        options.isExact = true
        #expect(try resolve(options, calibration: .none).expectedRecall == 1)
    }

    @Test("auto takes the engine that was measured to be faster")
    func faster() throws {
        #expect(try resolve(auto()).engine == .pgvector, "1 ms against a scan of 4 ms")
        #expect(try resolve(auto(), gathered: 100).engine == .memory, "1 ms against .1 ms")
        #expect(try resolve(auto(), limit: 64, isFiltered: true).engine == .pgvector, "1 ms against 4 ms")
        #expect(try resolve(auto(), limit: 512, isFiltered: true).engine == .memory, "9 ms against 4 ms")
        #expect(try resolve(auto(), limit: 64, isFiltered: true, gathered: 550).engine == .memory, ".55 ms")
        #expect(try resolve(auto(), limit: nil, isFiltered: true).engine == .memory, "too many to ask for")
        #expect(try resolve(wanting(0.9, engine: .auto), gathered: 100).engine == .memory)
        #expect(try resolve(wanting(0.9, engine: .auto)).efSearch == 16)
    }

    @Test("auto without measurements asks memory for what is brief and for what the database is not asked")
    func uncalibratedAuto() throws {
        #expect(try resolve(auto(), calibration: .none).engine == .pgvector)
        #expect(try resolve(auto(), calibration: .none, limit: nil).engine == .memory)
    }
}
