import ArgumentParser
import LoadGenerator

struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "B beside A: two services in turns, or two files of results.",
        discussion: """
            Two URLs: --rounds pairs of runs of --duration seconds, A first in one pair and B in the next, the same \
            requests in both; each pair gives one ratio. Two files that `run --out` wrote: the ratio of their rounds' \
            medians, with a bootstrap interval.

            With --max-ratio it ends with 1 when the median of B / A is above it: of p99 in an open loop, of the time per \
            answer in a closed one.
            """)

    @Argument(help: "URL or file A, what was before.")
    var a: String

    @Argument(help: "URL or file B, what is compared with it.")
    var b: String

    @OptionGroup var load: LoadOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "The regression gate.")
    var maxRatio: Double?

    func run() async throws {
        try await reportingFailure {
            guard maxRatio ?? 1 > 0 else { throw LoadPlanError.invalid("--max-ratio must be above 0") }
            guard load.url == nil else { throw LoadPlanError.invalid("compare takes its two URLs without --url") }
            let urls = [a, b].map { $0.contains("://") }
            guard urls[0] == urls[1] else {
                throw LoadPlanError.invalid("compare two URLs or two files, not one of each")
            }
            let comparison = try await urls[0] ? compareServices() : compareFiles()
            try output.deliver(comparison, table: comparison.table())
            let runs = comparison.runsA + comparison.runsB
            var complaints = runs.contains { !$0.isFaultless } ? ["not every request got a right answer"] : []
            if let gate = comparison.gate, !gate.passes {
                complaints.append("the regression gate is \(gate.rawValue): \(comparison.judged)")
            }
            try judge(complaints, bottlenecks: runs.map(\.generator.bottleneck))
        }
    }

    private func compareServices() async throws -> Comparison {
        let (planA, scenario) = try await load.plan(url: a)
        let (planB, _) = try await load.plan(url: b)
        guard scenario?.actions.isEmpty ?? true else {
            throw LoadPlanError.invalid("a scenario with actions changes the service and cannot be run in turns")
        }
        let manifest = try await output.manifest(planA)
        var runsA: [LoadReport] = []
        var runsB: [LoadReport] = []
        for round in 0..<planA.shape.rounds {
            // Each run is one value; its own parts would be too short to say anything.
            func run(_ plan: LoadPlan) async throws -> LoadReport {
                try await LoadTest.run(
                    plan.with {
                        $0.rounds = 1
                        $0.seed = plan.shape.seed &+ UInt64(round)
                    })
            }
            // Whoever comes first meets another machine (caches, clock, neighbours); in turns that evens out.
            if round.isMultiple(of: 2) {
                runsA.append(try await run(planA))
                runsB.append(try await run(planB))
            } else {
                runsB.append(try await run(planB))
                runsA.append(try await run(planA))
            }
            progress("pair \(round + 1) of \(planA.shape.rounds)")
        }
        return Comparison(
            a: a, b: b, runsA: runsA, runsB: runsB, pairs: true, maxRatio: maxRatio, manifest: manifest)
    }

    private func compareFiles() async throws -> Comparison {
        let runA = try report(a)
        let runB = try report(b)
        guard runA.report.mode == runB.report.mode else {
            throw ResultFileError(file: b, reason: "it is of another loop (open, closed) than \(a)")
        }
        return Comparison(
            a: a, b: b, runsA: [runA.report], runsB: [runB.report], pairs: false, maxRatio: maxRatio,
            manifest: runB.manifest)
    }

    private func report(_ file: String) throws -> RunResult {
        guard case .run(let result) = try ResultDocument(file: file) else {
            throw ResultFileError(file: file, reason: "it is not the result of `run`")
        }
        return result
    }
}
