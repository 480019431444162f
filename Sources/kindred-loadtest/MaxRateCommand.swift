import ArgumentParser
import LoadGenerator

struct MaxRateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "max-rate", abstract: "Search for the highest rate with p99 within the objective.",
        discussion: """
            Each step is a run of --warmup and --duration at one rate; it holds when p99 is within the objective and every \
            answer is right. --rate is where the first search begins.
            """)

    @OptionGroup var load: LoadOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .customLong("slo-p99-ms"), help: "The objective. Default: the scenario's")
    var sloP99Ms: Double?

    @Option(help: "Searches, for the interval.")
    var repeats = 5

    @Option(help: "A search ends when the rate that held and the one that did not differ by less than this share.")
    var precision = 0.05

    func run() async throws {
        try await reportingFailure {
            let (plan, scenario) = try await load.plan()
            guard let objective = sloP99Ms ?? scenario?.objective.p99Ms else {
                throw LoadPlanError.invalid("max-rate needs an objective: --slo-p99-ms")
            }
            let search = try MaxRate(plan: plan, objectiveP99Ms: objective, repeats: repeats, precision: precision)
            let manifest = try await output.manifest(plan)
            let (rates, steps) = try await search.run { step in
                progress("search \(step.search): \(step.rate)/s \(step.held ? "held" : "missed")")
            }
            let result = MaxRateResult(
                name: output.name ?? scenario?.name ?? plan.mix[0].path, objectiveP99Ms: objective, rates: rates,
                steps: steps, manifest: manifest)
            try output.deliver(result, table: result.table())
            try judge(
                rates.contains(0) ? ["not even 1 request per second holds the objective"] : [],
                // Where the service held, the generator was fast enough.
                bottlenecks: steps.filter { !$0.held }.map(\.bottleneck))
        }
    }
}
