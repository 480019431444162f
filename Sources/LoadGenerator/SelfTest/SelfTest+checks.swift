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
        let report = try await report(url, "/frozen") {
            $0.rate = 500
            // With fewer, the requests that piled up would take a while to get through.
            $0.connections = 64
        }
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
                "closed loop, 1 s freeze: p99 hides it", report.p99Ms, in: known...(known + Self.freezeBoundMs),
                unit: "ms"),
            SelfTestCheck(
                "closed loop, 1 s freeze: max", report.maxMs,
                in: (1e3 - Self.freezeBoundMs)...(1e3 + Self.freezeBoundMs), unit: "ms", digits: 0),
            faultless("closed loop, 1 s freeze", report),
        ]
    }

    /// Answers that take 10 ms bound the throughput by arithmetic: 16 connections make at most 1,600 a second.
    func throughput(_ url: String) async throws -> [SelfTestCheck] {
        var slow: [(ours: LoadReport, wrk: Double)] = []
        var fast: [(ours: LoadReport, wrk: Double)] = []
        for _ in 0..<3 {
            guard let pair = try await besideWrk(url, "/delay/10000") else {
                if requiresWrk { throw SelfTestError(description: "wrk is not installed: apt-get install wrk") }
                return [SelfTestCheck("throughput beside wrk", expected: "–", measured: "wrk is absent", held: nil)]
            }
            slow.append(pair)
            if let pair = try await besideWrk(url, "/delay/0") { fast.append(pair) }
        }
        func ratio(_ pairs: [(ours: LoadReport, wrk: Double)]) -> Double? {
            OrderStatistics.median(pairs.map { $0.ours.rateAchieved / $0.wrk })
        }
        let wrk = OrderStatistics.median(fast.map(\.wrk)) ?? 0
        return [
            SelfTestCheck("throughput of 10 ms answers, of wrk's", ratio(slow), in: 0.95...1.05, unit: "×"),
            SelfTestCheck(
                "throughput of immediate answers, of wrk's \(Text.short(wrk))/s", expected: "–",
                measured: ratio(fast).map { "\(Text.number($0, 3)) ×" } ?? "nothing", held: nil),
        ] + slow.map { faultless("throughput", $0.ours) }.prefix(1)
    }

    /// In turns, because a shared machine is not equally fast all the time; nil without wrk.
    private func besideWrk(_ url: String, _ path: String) async throws -> (ours: LoadReport, wrk: Double)? {
        guard let wrk = try Wrk.rate(url: url + path, connections: 16, seconds: 2) else { return nil }
        let ours = try await report(url, path) {
            $0.mode = .closed
            $0.connections = 16
            $0.duration = 2
            $0.warmup = 0.2
        }
        return (ours, wrk)
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
                "400,000/s: says that it was the bottleneck", expected: "said",
                measured: verdict == nil ? "not" : "said",
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
