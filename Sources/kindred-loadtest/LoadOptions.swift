import ArgumentParser
import LoadGenerator
import Settings

extension Arrivals: ExpressibleByArgument {}
extension Distribution: ExpressibleByArgument {}
extension LoopMode: ExpressibleByArgument {}
extension Scheduling: ExpressibleByArgument {}

/// What is sent where and how often; shared by the commands that send anything.
struct LoadOptions: ParsableArguments {
    @Option(help: "Where to; http only. Default: http://127.0.0.1:8080")
    var url: String?

    @Option(help: "A scenario file; its requests, load, objective and actions. Flags of the load win over the file's.")
    var scenario: String?

    @Option(
        help: "Path and query; {id} stands for a drawn id, {ids:5} for five. Default: /v1/movies/{id}/similar?k=10")
    var path: String?

    @Option(help: "A JSON body with the same places; makes the request a POST.")
    var body: String?

    @Option(help: "A range of ids, both ends included, or a list such as 5,9,12. Default: 1-1682")
    var ids: String?

    @Option(
        help: "How ids are drawn: uniform, zipf (exponent 1, the first id most often) or in-order. Default: uniform")
    var distribution: Distribution?

    @Option(
        help: "open (requests leave at their own times) or closed (each waits for the answer before it). Default: open")
    var mode: LoopMode?

    @Option(help: "Requests per second of the open loop. Default: 100")
    var rate: Double?

    @Option(help: "poisson (independent users) or constant (equal gaps). Default: poisson")
    var arrivals: Arrivals?

    @Option(help: "Measured seconds. Default: 10")
    var duration: Double?

    @Option(help: "Seconds of the same load before measuring. Default: 2")
    var warmup: Double?

    @Option(help: "Equal parts of the measured time, for the intervals. Default: 5")
    var rounds: Int?

    @Option(help: "Keep-alive connections, each with one request at a time. Default: 8")
    var connections: Int?

    @Option(help: "Give a request up this long after its intended time. Default: 5000")
    var timeoutMs: Double?

    @Option(help: "Seed of the arrivals and ids. Default: 42")
    var seed: Int?

    @Option(
        help:
            "real-time (where the kernel allows it, the open loop's thread runs before others) or normal. Default: normal"
    )
    var scheduling: Scheduling?

    @Option(help: "A JSON settings file.")
    var config: String?

    /// The plan, and the scenario it comes from, if any.
    func plan(url other: String? = nil) async throws -> (LoadPlan, Scenario?) {
        let settings = try await Settings(file: config)
        let endpoint = try Endpoint(
            url: other ?? settings.string("loadtest.url", flag: url) ?? "http://127.0.0.1:8080")
        let scenario = try settings.string("loadtest.scenario", flag: scenario).map { try Scenario(file: $0) }
        let shape = try shape(settings, over: scenario?.shape ?? LoadShape())
        return (try LoadPlan(endpoint: endpoint, mix: mix(settings, scenario), shape: shape), scenario)
    }

    private func mix(_ settings: Settings, _ scenario: Scenario?) throws -> [RequestTemplate] {
        if let scenario {
            guard path == nil, body == nil, ids == nil, distribution == nil else {
                throw LoadPlanError.invalid("with --scenario the path, body, ids and distribution stand in its file")
            }
            return scenario.requests
        }
        return [
            try RequestTemplate(
                method: body == nil ? "GET" : "POST",
                path: settings.string("loadtest.path", flag: path) ?? "/v1/movies/{id}/similar?k=10", body: body,
                ids: IDSet(settings.string("loadtest.ids", flag: ids) ?? "1-1682"),
                distribution: settings.choice("loadtest.distribution", flag: distribution, default: .uniform))
        ]
    }

    private func shape(_ settings: Settings, over standard: LoadShape) throws -> LoadShape {
        // The plan names what is out of range; the settings only say where a value comes from.
        let anyNumber = -Double.infinity...Double.infinity
        func number(_ key: String, _ flag: Double?, _ standard: Double) throws -> Double {
            try settings.double(key, flag: flag, default: standard, in: anyNumber)
        }
        func count(_ key: String, _ flag: Int?, _ standard: Int) throws -> Int {
            try settings.int(key, flag: flag, default: standard, in: .min ... .max)
        }
        var shape = standard
        shape.mode = try settings.choice("loadtest.mode", flag: mode, default: standard.mode)
        guard rate == nil || shape.mode == .open else {
            throw LoadPlanError.invalid("a closed loop has no rate: leave --rate out, or use --mode open")
        }
        shape.rate = try number("loadtest.rate", rate, standard.rate)
        shape.arrivals = try settings.choice("loadtest.arrivals", flag: arrivals, default: standard.arrivals)
        shape.warmup = try number("loadtest.warmup", warmup, standard.warmup)
        shape.duration = try number("loadtest.duration", duration, standard.duration)
        shape.rounds = try count("loadtest.rounds", rounds, standard.rounds)
        shape.connections = try count("loadtest.connections", connections, standard.connections)
        shape.timeoutMilliseconds = try number("loadtest.timeout.ms", timeoutMs, standard.timeoutMilliseconds)
        shape.seed = UInt64(
            try settings.int("loadtest.seed", flag: seed, default: Int(standard.seed), in: 0 ... .max))
        shape.scheduling = try settings.choice(
            "loadtest.scheduling", flag: scheduling, default: standard.scheduling)
        return shape
    }
}
