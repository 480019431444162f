import ArgumentParser
import LoadGenerator

struct SweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Run one rate after the other: how latency grows with the load.",
        discussion: "Ends with 0 even where answers fail at a high rate: that is what a sweep is for.")

    @OptionGroup var load: LoadOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Rates per second with commas between, such as 100,200,400.")
    var rates: String

    func run() async throws {
        try await reportingFailure {
            let (plan, scenario) = try await load.plan()
            let manifest = try await output.manifest(plan)
            var steps: [LoadReport] = []
            for step in try plans(from: plan) {
                let report = try await LoadTest.run(step)
                progress("\(step.shape.rate)/s: p99 \(report.p99Ms.map { "\($0) ms" } ?? "–")")
                steps.append(report)
            }
            let result = SweepResult(
                name: output.name ?? scenario?.name ?? plan.mix[0].path, steps: steps, manifest: manifest)
            try output.deliver(result, table: result.table())
            let anyRight = steps.contains { $0.ok > 0 }
            try judge(
                anyRight ? [] : ["no request got a right answer"], bottlenecks: steps.map(\.generator.bottleneck))
        }
    }

    private func plans(from plan: LoadPlan) throws -> [LoadPlan] {
        guard plan.shape.mode == .open, load.rate == nil else {
            throw LoadPlanError.invalid("a sweep is an open loop at the rates of --rates")
        }
        return try rates.split(separator: ",", omittingEmptySubsequences: false).map { text in
            guard let rate = Double(text) else { throw LoadPlanError.invalid("'\(text)' is not a rate") }
            return try plan.with { $0.rate = rate }
        }
    }
}
