import LoadGenerator
import Testing

@Suite(.serialized) struct ReportPageTests {
    @Test("the page draws every kind of result, escapes names and needs nothing beside it")
    func page() async throws {
        let report = try await TestServer.run({ $0 == 3 ? .status(503) : .answer("{}") }) { server in
            var shape = LoadShape()
            shape.warmup = 0
            shape.duration = 0.5
            shape.rate = 400
            return try await LoadTest.run(
                LoadPlan(endpoint: Endpoint(url: server.url), mix: [RequestTemplate(path: "/")], shape: shape))
        }
        let manifest = Manifest(
            shape: nil, requests: [], gitRevision: nil, sql: "SELECT 1 WHERE 1 < 2", notes: ["ef_search": "64"])
        let run = RunResult(
            name: "one & <two>", report: report, verdicts: Objective().verdicts(on: report), manifest: manifest)
        let html = ReportPage(
            title: "A \"page\"",
            documents: [
                .run(run), .run(run), .sweep(SweepResult(name: "s", steps: [report, report], manifest: manifest)),
                .maxRate(MaxRateResult(name: "m", objectiveP99Ms: 5, rates: [9, 10], steps: [], manifest: manifest)),
                .recall(
                    RecallResult(
                        name: "r", truthPath: "/t", queries: 3,
                        variants: [.init(name: "v", path: "/v", recall: 0.5, report: report)], manifest: manifest)),
                .comparison(
                    Comparison(
                        a: "a", b: "b", runsA: [report], runsB: [report], pairs: true, maxRatio: 1.1, manifest: manifest
                    )),
            ]
        ).html
        for title in [
            "Side by side", "Latency by percentile", "Over time", "Rate against latency", "Highest rate",
            "Recall against",
            "B beside A", "Where it was measured", "one &amp; &lt;two&gt;", "SELECT 1 WHERE 1 &lt; 2",
            "missed: error_ratio",
        ] {
            #expect(html.contains(title), "\(title)")
        }
        for outside in ["http://", "https://", "<script", "<link", "nan", "inf "] {
            #expect(!html.contains(outside), "\(outside)")
        }
    }
}
