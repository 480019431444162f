import Foundation
import LoadGenerator
import Testing

@Suite struct ScenarioTests {
    private static let load = #""load": {"rate": 10, "duration_s": 1, "warmup_s": 0}"#
    private static let request = #""requests": [{"name": "r", "path": "/{id}", "ids": "1-9"}]"#

    private func scenario(_ text: String) throws -> Scenario {
        try Scenario(Data(text.utf8), file: "some.json")
    }

    private func message(_ text: String) -> String {
        do {
            _ = try scenario(text)
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    @Test("a file gives requests, load, objective and actions")
    func whole() throws {
        let scenario = try scenario(
            """
            {"name": "n", "description": "d",
             "requests": [
               {"name": "a", "path": "/a/{id}", "ids": [3, 5], "distribution": "zipf", "weight": 3},
               {"name": "b", "method": "POST", "path": "/b", "body": "{\\"liked\\":[{ids:2}]}", "needs": "b"}],
             "load": {"mode": "open", "rate": 50, "arrivals": "constant", "warmup_s": 1, "duration_s": 5, "rounds": 6,
               "connections": 3, "timeout_ms": 100, "seed": 7, "scheduling": "normal"},
             "slo": {"p99_ms": 20, "error_ratio": 0.5},
             "actions": [{"name": "x", "at_s": 2, "run": "true"}]}
            """)
        #expect(scenario.requests.map(\.weight) == [3, 1])
        #expect(scenario.requests.map(\.method) == ["GET", "POST"])
        #expect(scenario.requests[1].needs == "b")
        #expect((scenario.shape.rate, scenario.shape.rounds, scenario.shape.seed) == (50, 6, 7))
        #expect(scenario.shape.scheduling == .normal)
        #expect((scenario.objective.p99Ms, scenario.objective.errorRatio) == (20, 0.5))
        #expect(scenario.actions.map(\.command) == ["true"])
    }

    @Test("an unknown field is an error that names the file and the field")
    func unknownField() {
        func text(top: String = "", request: String = "", load: String = "", slo: String = "") -> String {
            """
            {"name": "n", "description": "d", \(top)
             "requests": [{"name": "r", "path": "/" \(request)}],
             "load": {"rate": 10 \(load)}, "slo": {"error_ratio": 0 \(slo)}}
            """
        }
        #expect(message(text()) == "accepted")
        for (text, field) in [
            (text(top: #""rates": 1,"#), "rates"), (text(request: #", "wieght": 2"#), "requests[0].wieght"),
            (text(load: #", "duration": 2"#), "load.duration"), (text(slo: #", "p99": 2"#), "slo.p99"),
        ] {
            #expect(message(text).hasPrefix("some.json: \(field): there is no such field"))
        }
    }

    @Test("a value that cannot be used is an error that names the field")
    func badValues() {
        func text(_ requests: String = Self.request, _ load: String = Self.load, _ rest: String = #""slo": {}"#)
            -> String
        {
            #"{"name": "n", "description": "d", \#(requests), \#(load), \#(rest)}"#
        }
        #expect(message(text()) == "accepted")
        #expect(message(text(Self.request, #""load": {"rate": 0}"#)).contains("the rate must be above 0"))
        #expect(message(text(Self.request, #""load": {"rate": "x"}"#)).contains("load.rate"))
        #expect(message(text(#""requests": []"#)).contains("no request"))
        #expect(message(text(#""requests": [{"name": "r"}]"#)).contains("requests[0].path: the field is missing"))
        #expect(message(text(#""requests": [{"name": "r", "path": "x"}]"#)).contains("requests[0]: the path 'x'"))
        #expect(message(text(Self.request, Self.load, #""slo": {"error_ratio": 2}"#)).contains("slo.error_ratio"))
        #expect(message(text(Self.request, Self.load, #""slo": {"p99_ms": 0}"#)).contains("slo.p99_ms"))
        #expect(
            message(text(Self.request, Self.load, #""slo": {}, "actions": [{"name": "a", "at_s": 9, "run": "true"}]"#))
                .contains("after the end"))
        #expect(message("{").contains("some.json"))
    }

    @Test("a file that is not there is named")
    func missing() {
        let error = #expect(throws: ScenarioError.self) { try Scenario(file: "/nowhere/x.json") }
        #expect(error?.description.hasPrefix("/nowhere/x.json: it cannot be read") == true)
    }

    @Test("every scenario of the project can be read and has an objective")
    func ours() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "loadtest/scenarios")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
        #expect(files.count >= 10)
        for file in files {
            let scenario = try Scenario(file: folder.appending(path: file).path)
            #expect("\(scenario.name).json" == file)
            #expect(scenario.objective.p99Ms != nil)
        }
    }

    @Test("actions run at their times, and their exit codes and output are kept")
    func actions() async throws {
        try await TestServer.run({ _ in .answer("{}") }) { server in
            let text = """
                {"name": "n", "description": "d", \(Self.request), \(Self.load), "slo": {},
                 "actions": [{"name": "bad", "at_s": 0.6, "run": "echo gone >&2; exit 3"},
                             {"name": "good", "at_s": 0.2, "run": "sleep 3600 & echo $!"}]}
                """
            let scenario = try scenario(text)
            let plan = try LoadPlan(
                endpoint: Endpoint(url: server.url), mix: scenario.requests, shape: scenario.shape)
            let (report, records) = try await ScenarioRun.run(plan, actions: scenario.actions)
            #expect(report.isFaultless)
            #expect(records.map(\.name) == ["good", "bad"])
            #expect(records.map(\.status) == [0, 3])
            #expect(records[1].output == "gone\n")
            // What the command leaves behind in the background does not hold it up: it is still there.
            let left = try #require(Int32(records[0].output.trimmingCharacters(in: .newlines)))
            #expect(kill(left, SIGKILL) == 0)
            #expect(records[0].began >= 0.2 && records[1].began >= 0.6)
        }
    }
}
