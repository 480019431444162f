import ArgumentParser
import Foundation
import LoadGenerator
import Settings

extension Arrivals: ExpressibleByArgument {}
extension Distribution: ExpressibleByArgument {}

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Send requests at a rate and report how long they took from their intended times.",
        discussion: """
            Every option but --json has an environment variable (--slo-p99-ms is KINDRED_LOADTEST_SLO_P99_MS) and a place \
            in the settings file (loadtest.slo_p99_ms).

            Exit codes: 0 all answers right and the SLO, if any, held; 1 not so; 64 usage; 69 the target cannot be reached.
            """)

    @Option(help: "Where to; http only. Default: http://127.0.0.1:8080")
    var url: String?

    @Option(help: "Path and query; {id} stands for a drawn id. Default: /v1/movies/{id}/similar?k=10")
    var path: String?

    @Option(help: "Range of ids, both ends included. Default: 1-1682")
    var ids: String?

    @Option(help: "How ids are drawn: uniform or zipf (exponent 1, the first id most often). Default: uniform")
    var distribution: Distribution?

    @Option(help: "Requests per second. Default: 100")
    var rate: Double?

    @Option(help: "poisson (independent users) or constant (equal gaps). Default: poisson")
    var arrivals: Arrivals?

    @Option(help: "Measured seconds. Default: 10")
    var duration: Double?

    @Option(help: "Seconds of the same load before measuring. Default: 2")
    var warmup: Double?

    @Option(help: "Keep-alive connections, each with one request at a time. Default: 8")
    var connections: Int?

    @Option(help: "Give a request up this long after its intended time. Default: 5000")
    var timeoutMs: Double?

    @Option(help: "Seed of the arrivals and ids. Default: 42")
    var seed: Int?

    @Option(name: .customLong("slo-p99-ms"), help: "Fail when the 99th percentile is above this.")
    var sloP99Ms: Double?

    @Flag(help: "Print one JSON object instead of the table.")
    var json = false

    @Option(help: "A JSON settings file.")
    var config: String?

    func run() async throws {
        let (plan, slo) = try await planned()
        let report: LoadReport
        do {
            report = try await LoadTest.run(plan)
        } catch let error as LoadTestError {
            throw failure("\(error)", code: 69)
        }
        print(json ? try report.json() : report.table())
        let holds = slo.map { (report.p99Ms ?? .infinity) <= $0 } ?? true
        if !holds { complain("p99 is above \(slo ?? 0) ms") }
        if !report.isFaultless { complain("not every request got a right answer") }
        if !holds || !report.isFaultless { throw ExitCode(1) }
    }

    private func planned() async throws -> (LoadPlan, slo: Double?) {
        do {
            let settings = try await Settings(file: config)
            // The plan names what is out of range; the settings only say where a value comes from.
            let anyNumber = -Double.infinity...Double.infinity
            let plan = try LoadPlan(
                target: Target(
                    url: settings.string("loadtest.url", flag: url) ?? "http://127.0.0.1:8080",
                    path: settings.string("loadtest.path", flag: path) ?? "/v1/movies/{id}/similar?k=10"),
                ids: settings.string("loadtest.ids", flag: ids) ?? "1-1682",
                distribution: settings.choice("loadtest.distribution", flag: distribution, default: .uniform),
                rate: settings.double("loadtest.rate", flag: rate, default: 100, in: anyNumber),
                arrivals: settings.choice("loadtest.arrivals", flag: arrivals, default: .poisson),
                warmup: settings.double("loadtest.warmup", flag: warmup, default: 2, in: anyNumber),
                duration: settings.double("loadtest.duration", flag: duration, default: 10, in: anyNumber),
                connections: settings.int("loadtest.connections", flag: connections, default: 8, in: .min ... .max),
                timeoutMilliseconds: settings.double(
                    "loadtest.timeout.ms", flag: timeoutMs, default: 5_000, in: anyNumber),
                seed: UInt64(settings.int("loadtest.seed", flag: seed, default: 42, in: 0 ... .max)))
            let slo = try settings.double(
                "loadtest.slo.p99.ms", flag: sloP99Ms, default: .infinity, in: 0 ... .infinity)
            return (plan, slo.isFinite ? slo : nil)
        } catch let error as LoadPlanError {
            throw failure("\(error)", code: 64)
        } catch let error as SettingsError {
            throw failure("\(error)", code: 64)
        }
    }

    private func failure(_ message: String, code: Int32) -> ExitCode {
        complain(message)
        return ExitCode(code)
    }

    private func complain(_ message: String) {
        FileHandle.standardError.write(Data("kindred-loadtest: \(message)\n".utf8))
    }
}
