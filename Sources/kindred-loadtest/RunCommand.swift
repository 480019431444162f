import ArgumentParser
import LoadGenerator
import Settings

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Send requests at a rate and report how long they took from their intended times.",
        discussion: """
            The options of the load, --url, --scenario, --path, --ids and the --slo have environment variables \
            (--slo-p99-ms is KINDRED_LOADTEST_SLO_P99_MS) and a place in the settings file (loadtest.slo_p99_ms).

            Without a scenario the objective is that every answer is right.
            """)

    @OptionGroup var load: LoadOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .customLong("slo-p99-ms"), help: "Fail when the 99th percentile is above this.")
    var sloP99Ms: Double?

    @Option(help: "Fail when a larger share of the requests fails or is given up. Default: 0, or the scenario's")
    var sloErrorRatio: Double?

    func run() async throws {
        try await reportingFailure {
            let (plan, scenario) = try await load.plan()
            let objective = try await objective(over: scenario?.objective ?? Objective())
            let manifest = try await output.manifest(plan)
            let (report, actions) = try await ScenarioRun.run(plan, actions: scenario?.actions ?? [])
            let result = RunResult(
                name: output.name ?? scenario?.name ?? plan.mix[0].path, report: report,
                verdicts: objective.verdicts(on: report), actions: actions, manifest: manifest)
            try output.deliver(result, table: result.table())
            try judge(result.complaints, bottlenecks: [report.generator.bottleneck], isFaulty: result.isFaulty)
        }
    }

    private func objective(over standard: Objective) async throws -> Objective {
        let settings = try await Settings(file: load.config)
        var objective = standard
        let p99 = try settings.double(
            "loadtest.slo.p99.ms", flag: sloP99Ms, default: standard.p99Ms ?? .infinity, in: 0 ... .infinity)
        objective.p99Ms = p99.isFinite ? p99 : nil
        objective.errorRatio = try settings.double(
            "loadtest.slo.error.ratio", flag: sloErrorRatio, default: standard.errorRatio, in: 0...1)
        return objective
    }
}
