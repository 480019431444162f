import Foundation

extension SelfTest {
    func knownLatencies(_ url: String) async throws -> [SelfTestCheck] {
        let report = try await report(url, "/known") {
            $0.rate = 500
            $0.arrivals = .poisson
            $0.connections = 64
        }
        return [(50.0, 2.0, report.p50Ms), (90, 10, report.p90Ms), (99, 40, report.p99Ms)].map {
            percentile, known, measured in
            SelfTestCheck(
                "p\(Int(percentile)) of a known \(Int(known)) ms", measured, in: known...(known + Self.latencyBoundMs),
                unit: "ms")
        } + [faultless("known latencies", report)]
    }

    /// A third of the way in, everything stands still for a second: of the requests due meanwhile the first waits the
    /// whole second and the last not at all, and all of them count.
    func freezeInOpenLoop(_ url: String) async throws -> [SelfTestCheck] {
        let report = try await report(url, "/frozen") { $0.rate = 500 }
        let stalled = Self.freezeSeconds / 6
        func expected(_ percentile: Double) -> Double {
            (1 - (1 - percentile / 100) / stalled) * Self.freezeSeconds * 1e3 + Double(KnownServer.frozenDelayMs)
        }
        return [(90.0, report.p90Ms), (99, report.p99Ms), (100, report.maxMs)].map { percentile, measured in
            let known = expected(percentile)
            return SelfTestCheck(
                "open loop, 1 s freeze: " + (percentile == 100 ? "max" : "p\(Int(percentile))"), measured,
                in: (known - Self.freezeBoundMs)...(known + Self.freezeBoundMs), unit: "ms", digits: 0)
        } + [faultless("open loop, 1 s freeze", report)]
    }

    /// Eight connections wait, nobody else is there to notice: the percentiles say that nothing happened.
    func freezeInClosedLoop(_ url: String) async throws -> [SelfTestCheck] {
        let report = try await report(url, "/frozen") { $0.mode = .closed }
        let known = Double(KnownServer.frozenDelayMs)
        return [
            SelfTestCheck(
                "closed loop, 1 s freeze: p99 hides it", report.p99Ms, in: known...(known + 3 * Self.latencyBoundMs),
                unit: "ms"),
            SelfTestCheck(
                "closed loop, 1 s freeze: max", report.maxMs,
                in: (1e3 - Self.freezeBoundMs)...(1e3 + Self.freezeBoundMs), unit: "ms", digits: 0),
            faultless("closed loop, 1 s freeze", report),
        ]
    }

    func throughput(_ url: String) async throws -> [SelfTestCheck] {
        let path = "/delay/2000"
        guard let slow = try Wrk.rate(url: url + path, connections: 8, seconds: 4),
            let fast = try Wrk.rate(url: url + "/delay/0", connections: 8, seconds: 4)
        else {
            if requiresWrk { throw SelfTestError(description: "wrk is not installed: apt-get install wrk") }
            return [SelfTestCheck("throughput beside wrk", expected: "–", measured: "wrk is absent", held: nil)]
        }
        func closed(_ path: String) async throws -> LoadReport {
            try await report(url, path) {
                $0.mode = .closed
                $0.duration = 4
                $0.warmup = 0.5
            }
        }
        let ours = try await closed(path)
        let saturated = try await closed("/delay/0")
        return [
            SelfTestCheck(
                "requests/s, 2 ms answers, 8 connections, of wrk's", ours.rateAchieved / slow, in: 0.95...1.05,
                unit: "×"),
            SelfTestCheck(
                "requests/s, immediate answers, of wrk's \(Text.number(fast, 0))", expected: "–",
                measured: "\(Text.number(saturated.rateAchieved / fast, 3)) ×", held: nil),
            faultless("closed loop", ours),
        ]
    }

    func pacing(_ url: String) async throws -> [SelfTestCheck] {
        let report = try await report(url, "/delay/0") {
            $0.rate = 10_000
            $0.duration = 5
            $0.connections = 32
        }
        func microseconds(_ ms: Double?) -> Double? { ms.map { $0 * 1e3 } }
        return [
            SelfTestCheck(
                "pacing error at 10,000/s, p50", microseconds(report.generator.pacingP50Ms), in: 0...50, unit: "µs",
                digits: 0),
            SelfTestCheck(
                "pacing error at 10,000/s, p99", expected: "–",
                measured: microseconds(report.pacingP99Ms).map { "\(Text.number($0, 0)) µs" } ?? "nothing", held: nil),
            SelfTestCheck(
                "own CPU at 10,000/s, of one core", expected: "–", measured: Text.number(report.generator.cpuShare),
                held: nil),
            faultless("10,000/s", report),
        ]
    }

    func overload(_ url: String) async throws -> [SelfTestCheck] {
        let report = try await report(url, "/delay/0") {
            $0.rate = 400_000
            $0.duration = 1
            $0.warmup = 0.2
            $0.timeoutMilliseconds = 500
        }
        let verdict = report.generator.bottleneck
        return [
            SelfTestCheck(
                "400,000/s: says that it was the bottleneck", expected: "said", measured: verdict == nil ? "not" : "said",
                held: verdict != nil)
        ]
    }

    private func faultless(_ name: String, _ report: LoadReport) -> SelfTestCheck {
        let faults = report.wrong + report.errors + report.dropped
        return SelfTestCheck(
            "\(name): answers", expected: "all right", measured: "\(report.ok) right, \(faults) not",
            held: report.isFaultless)
    }
}
