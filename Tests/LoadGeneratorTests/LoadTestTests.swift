import Foundation
import LoadGenerator
import Testing

/// Serialized: each runs a client and a server that would delay another's.
@Suite(.serialized) struct LoadTestTests {
    private func report(
        rate: Double = 200, duration: Double = 0.5, warmup: Double = 0, timeout: Double = 5_000,
        mode: LoopMode = .open, needs: String? = nil, _ behaviour: @escaping @Sendable (Int) -> TestServer.Behaviour
    ) async throws -> LoadReport {
        try await TestServer.run(behaviour) { server in
            var shape = LoadShape()
            shape.mode = mode
            shape.rate = rate
            shape.arrivals = .constant
            shape.warmup = warmup
            shape.duration = duration
            shape.connections = 4
            shape.timeoutMilliseconds = timeout
            let request = try RequestTemplate(name: "one", path: "/{id}", ids: .range(1...100), needs: needs)
            return try await LoadTest.run(LoadPlan(endpoint: Endpoint(url: server.url), mix: [request], shape: shape))
        }
    }

    @Test("every request of the schedule is sent and answered, the warm-up's are not counted")
    func steady() async throws {
        let report = try await report(warmup: 0.2) { _ in .answer(#"{"requested":10,"returned":10}"#) }
        #expect((report.sent, report.completed, report.ok) == (100, 100, 100))
        #expect((report.wrong, report.errors, report.dropped) == (0, 0, 0))
        #expect(report.statuses == ["2xx": 100])
        #expect(report.samples == 100)
        #expect(report.p999Ms == nil)
        #expect(report.isFaultless)
        #expect(report.seconds >= 0.5)
        #expect(report.cpuSeconds > 0)
    }

    @Test("a freeze of the server counts for every request that was due meanwhile")
    func freeze() async throws {
        let report = try await report(rate: 500, duration: 1) { $0 == 100 ? .freeze(seconds: 0.3) : .answer("{}") }
        #expect(report.ok == 500)
        #expect(report.maxMs! >= 250)
        // 150 requests were due; a closed loop would have sent four of them.
        #expect(report.late >= 75)
        #expect(report.p90Ms! >= 50)
    }

    @Test("a closed loop hides the same freeze, and says what it is")
    func freezeInClosedLoop() async throws {
        let report = try await report(duration: 1, mode: .closed) {
            $0 == 100 ? .freeze(seconds: 0.3) : .answer("{}")
        }
        #expect(report.isFaultless)
        #expect(report.maxMs! >= 250)
        // At most four requests, one of each connection, waited, however fast the machine is.
        #expect(report.ok > 100)
        #expect(report.p90Ms! < 100)
        #expect(report.rateAsked == nil)
        #expect(report.pacingP99Ms == nil)
        #expect(report.table().contains("CLOSED"))
    }

    @Test("rounds share the requests equally and give intervals")
    func rounds() async throws {
        let report = try await report(rate: 500, duration: 1, warmup: 0.1) { _ in .answer("{}") }
        #expect(report.rounds.map(\.ok) == [100, 100, 100, 100, 100])
        #expect(report.intervals["p99_ms"]!.low <= report.intervals["p99_ms"]!.high)
        #expect(report.timeline.reduce(0) { $0 + $1.rate } > 0)
    }

    @Test("answers are counted by generation, and degraded ones too")
    func facts() async throws {
        let report = try await report {
            .answer(#"{"generation":\#($0 < 40 ? 1 : 2),"degraded":\#($0 < 25),"requested":1,"returned":1}"#)
        }
        #expect(report.generations == ["1": 40, "2": 60])
        #expect(report.degraded == 25)
    }

    @Test("a service that lacks what a request needs ends the test and says so")
    func needs() async throws {
        let error = await #expect(throws: LoadTestError.self) {
            try await report(needs: "genre filters") { _ in .status(400) }
        }
        #expect(error.map { "\($0)" }?.contains("needs genre filters") == true)
    }

    @Test("an answer that ends before its promised length is an error")
    func truncated() async throws {
        let report = try await report { $0 < 5 ? .truncated : .answer("{}") }
        #expect(report.transportErrors == ["incomplete": 5])
        #expect((report.ok, report.errors) == (95, 5))
    }

    @Test("answers that lack results are wrong, not ok")
    func wrong() async throws {
        let report = try await report { .answer(#"{"requested":10,"returned":\#($0 < 10 ? 9 : 10)}"#) }
        #expect((report.wrong, report.ok, report.errors) == (10, 90, 0))
        #expect(!report.isFaultless)
    }

    @Test("refusals are counted by class and have no latency")
    func refused() async throws {
        let report = try await report { $0 < 30 ? .status(503) : $0 < 40 ? .status(404) : .answer("{}") }
        #expect(report.statuses == ["2xx": 60, "4xx": 10, "5xx": 30])
        #expect((report.errors, report.samples) == (40, 60))
    }

    @Test("a connection that the server closes is an error and is opened again")
    func hangUp() async throws {
        let report = try await report { $0 < 5 ? .hangUp : .answer("{}") }
        #expect(report.transportErrors.values.reduce(0, +) == 5)
        #expect((report.errors, report.ok) == (5, 95))
    }

    @Test("a request without an answer is dropped at its timeout and counts with its age")
    func timeouts() async throws {
        let report = try await report(timeout: 200) { $0 == 50 ? .neverAnswer : .answer("{}") }
        #expect((report.dropped, report.droppedByTimeout, report.ok) == (1, 1, 99))
        #expect(report.samples == 100)
        #expect(report.maxMs! >= 200)
    }

    @Test("a target where nobody listens is reported at once, with its name")
    func unreachable() async throws {
        let url = try await TestServer.run({ _ in .hangUp }, body: \.url)
        let plan = try LoadPlan(
            endpoint: Endpoint(url: url), mix: [RequestTemplate(path: "/")], shape: LoadShape())
        let error = await #expect(throws: LoadTestError.self) { try await LoadTest.run(plan) }
        #expect(error.map { "\($0)" }?.contains(plan.endpoint.authority) == true)
        #expect(error.map { "\($0)" }?.contains("refused") == true)
    }

    @Test("the JSON is one object with the documented names")
    func json() async throws {
        let report = try await report(rate: 50, duration: 0.2) { _ in .answer("{}") }
        let json = try JSONText.encode(report)
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] ?? [:]
        for key in ["rate_asked", "rate_achieved", "sent", "ok", "late", "dropped", "p99_ms", "cpu_seconds", "seconds"]
        {
            #expect(object[key] is NSNumber, "\(key)")
        }
        #expect(!json.contains("\n"))
        #expect(report.table().contains("p99 "))
    }
}
