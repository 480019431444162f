import Foundation
import LoadGenerator
import Testing

@Suite(.serialized) struct JudgementTests {
    private func report(
        rate: Double = 200, _ behaviour: @escaping @Sendable (Int) -> TestServer.Behaviour
    ) async throws -> LoadReport {
        try await TestServer.run(behaviour) { server in
            var shape = LoadShape()
            shape.rate = rate
            shape.arrivals = .constant
            shape.warmup = 0
            shape.duration = 0.5
            return try await LoadTest.run(
                LoadPlan(endpoint: Endpoint(url: server.url), mix: [RequestTemplate(path: "/")], shape: shape))
        }
    }

    @Test("an objective is held or missed, bound by bound; wrong answers are never allowed")
    func verdicts() async throws {
        let report = try await report {
            $0 < 20 ? .status(503) : $0 < 21 ? .answer(#"{"requested":2,"returned":1}"#) : .answer("{}")
        }
        var objective = Objective()
        objective.p99Ms = 5_000
        objective.p50Ms = 0.0001
        objective.errorRatio = 0.2
        objective.minRate = 1_000
        let held = Dictionary(uniqueKeysWithValues: objective.verdicts(on: report).map { ($0.name, $0.held) })
        #expect(held == ["p99_ms": true, "p50_ms": false, "error_ratio": true, "wrong": false, "min_rate": false])
        objective.errorRatio = 0.19
        #expect(objective.verdicts(on: report).first { $0.name == "error_ratio" }?.held == false)
    }

    @Test("a run without any right answer holds no latency objective")
    func nothing() async throws {
        let report = try await report { _ in .status(500) }
        var objective = Objective()
        objective.p99Ms = 5_000
        objective.errorRatio = 1
        #expect(objective.verdicts(on: report).first { $0.name == "p99_ms" }?.held == false)
    }

    @Test("a result survives its file, with everything the page draws")
    func roundTrip() async throws {
        let report = try await report { _ in .answer(#"{"generation":3}"#) }
        let manifest = Manifest(
            shape: LoadShape(), requests: [], gitRevision: "abc", sql: "SELECT 1", notes: ["ef": "64"])
        let result = RunResult(
            name: "one", report: report, verdicts: Objective().verdicts(on: report), manifest: manifest)
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(JSONText.encode(result).utf8).write(to: file)
        guard case .run(let read) = try ResultDocument(file: file.path) else {
            Issue.record("it is no run")
            return
        }
        #expect(read.report.generations == ["3": 100])
        #expect(read.report.rounds.count == 5)
        #expect(read.manifest.sql == "SELECT 1")
        #expect(read.manifest.cores > 0 && !read.manifest.kernel.isEmpty)
        let (before, after) = (try JSONText.encode(result), try JSONText.encode(read))
        #expect(before == after)
    }

    @Test("a file that holds no result is named", arguments: ["", "{}", #"{"kind":"x"}"#, #"{"kind":"run"}"#])
    func noResult(text: String) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file)
        let error = #expect(throws: ResultFileError.self) { try ResultDocument(file: file.path) }
        #expect(error?.description.hasPrefix(file.path) == true)
    }

    @Test("p99.9 needs ten thousand samples, and a generator at its limit is called the bottleneck")
    func limits() async throws {
        let report = try await report(rate: 200_000) { _ in .answer("{}") }
        #expect(report.generator.bottleneck?.contains("the generator was the bottleneck") == true)
        #expect((report.p999Ms != nil) == (report.samples >= 10_000))
    }

    @Test("recall is the share of the true answers found, and ids beyond the truth's length do not count")
    func recall() throws {
        #expect(AnswerIDs.recall([1: [5, 6], 2: [7]], truth: [1: [6, 5], 2: [8]]) == 2.0 / 3)
        #expect(AnswerIDs.recall([1: [9, 9, 5]], truth: [1: [5]]) == 0)
        #expect(AnswerIDs.recall([:], truth: [1: [5]]) == 0)
        let reader = AnswerIDs(list: "results", field: "movie_id")
        #expect(reader.read(Data(#"{"results":[{"movie_id":4},{"movie_id":2}]}"#.utf8)) == [4, 2])
        #expect(reader.read(Data(#"{"results":[{"id":4}]}"#.utf8)) == nil)
        #expect(reader.read(Data("[]".utf8)) == nil)
    }

    @Test("recall and load of two variants are measured on the same queries")
    func recallMeasurement() async throws {
        let exact = #"{"results":[{"movie_id":1},{"movie_id":2}]}"#
        let rough = #"{"results":[{"movie_id":1},{"movie_id":9}]}"#
        try await TestServer.run({ $0 < 10 ? .answer(exact) : .answer(rough) }) { server in
            let measurement = try RecallMeasurement(
                endpoint: Endpoint(url: server.url), ids: IDSet("1-10"), queries: 50, shape: LoadShape(),
                reader: AnswerIDs(list: "results", field: "movie_id"))
            let truth = try await measurement.answers("truth", path: "/{id}")
            let found = try await measurement.answers("rough", path: "/{id}?rough=1")
            #expect(truth.count == 10 && truth[10] == [1, 2])
            #expect(AnswerIDs.recall(found, truth: truth) == 0.5)
        }
    }
}
