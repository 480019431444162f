import ArgumentParser
import LoadGenerator

struct RecallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recall", abstract: "Recall against throughput of several ways to answer the same queries.",
        discussion: """
            The truth is the service's own exact answer. For example:

              kindred-loadtest recall --truth-path '/v1/movies/{id}/similar?k=10&exact=true' \\
                --variant 'ef 20=/v1/movies/{id}/similar?k=10&ef_search=20' \\
                --variant 'memory=/v1/movies/{id}/similar?k=10&engine=memory'

            Every variant is asked the same queries once for the recall, then loaded (closed loop unless --mode open).
            """)

    @OptionGroup var load: LoadOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Path whose answers are exact.")
    var truthPath: String

    @Option(name: .customLong("variant"), help: "NAME=PATH; repeatable.")
    var variants: [String]

    @Option(help: "Queries that recall is computed over: the first ids, in order.")
    var queries = 500

    @Option(help: "Key of the array of results in an answer.")
    var resultsKey = "results"

    @Option(help: "Key of the id in each result.")
    var idKey = "movie_id"

    func run() async throws {
        try await reportingFailure {
            var options = load
            options.mode = load.mode ?? (load.rate == nil ? .closed : .open)
            guard load.scenario == nil, load.path == nil else {
                throw LoadPlanError.invalid("recall asks --truth-path and each --variant, not --path or a scenario")
            }
            let named = try variants.map { text in
                guard let mark = text.firstIndex(of: "=") else {
                    throw LoadPlanError.invalid("--variant '\(text)' is not of the form NAME=PATH")
                }
                return (name: String(text[..<mark]), path: String(text[text.index(after: mark)...]))
            }
            let (plan, _) = try await options.plan()
            let measurement = try RecallMeasurement(
                endpoint: plan.endpoint, ids: plan.mix[0].ids, queries: queries, shape: plan.shape,
                reader: AnswerIDs(list: resultsKey, field: idKey))
            let manifest = try await output.manifest(plan)
            let truth = try await measurement.answers("truth", path: truthPath)
            var measured: [RecallResult.Variant] = []
            for (name, path) in named {
                let recall = AnswerIDs.recall(try await measurement.answers(name, path: path), truth: truth)
                let report = try await measurement.load(name, path: path)
                progress("\(name): recall \(recall), \(report.rateAchieved)/s")
                measured.append(.init(name: name, path: path, recall: recall, report: report))
            }
            let result = RecallResult(
                name: output.name ?? truthPath, truthPath: truthPath, queries: measurement.queries, variants: measured,
                manifest: manifest)
            try output.deliver(result, table: result.table())
            try judge(
                measured.filter { !$0.report.isFaultless }.map { "'\($0.name)': not every request got a right answer" },
                bottlenecks: measured.map(\.report.generator.bottleneck))
        }
    }
}
