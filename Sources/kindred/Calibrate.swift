import ArgumentParser
import Foundation
import Loading
import Logging
import Postgres
import Retrieval
import Settings

struct Calibrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what searches of a generation find and take.",
        discussion: """
            Searches one after the other and keeps, for each ef_search (HNSW) or probes (IVFFlat), the recall and the time \
            beside the exact answer, and what it takes to ask for more candidates or to compare in memory. A request's \
            recall_target, the setting recall.target and engine=auto go by it; running services take it up within \
            seconds. Measure on the machine that serves, while nothing else runs there.
            """)

    @Option(help: "Number of the generation (default: the active one).")
    var generation: Int?

    @Option(help: "Catalogue of the generation (default: movies).")
    var catalogue: String?

    @Option(help: "Searches for each measurement, 10 to 100000 (default: 300).")
    var queries: Int?

    @Option(help: "HNSW: what the service is set to, 1 to 1000 (default: 64).")
    var efSearch: Int?

    @Option(help: "IVFFlat: what the service is set to (default: what the generation was loaded with).")
    var probes: Int?

    @Flag(help: "Measure nothing where the generation has measurements already.")
    var ifNeeded = false

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Summary: Encodable {
        struct Measurement: Encodable {
            let space: String
            let parameter: String
            let value: Int
            let k: Int
            let queries: Int
            let recall: Double
            let p50Ms: Double
            let p99Ms: Double
        }

        let generation: Int
        let seconds: Double
        let measurements: [Measurement]
    }

    func run() async throws {
        try await reportingFailure {
            let start = ContinuousClock.now
            let settings = try await database.settings()
            var effort = Calibrator.Effort()
            effort.queries = try settings.int("calibration.queries", flag: queries, default: 300, in: 10...100_000)
            var search = SearchSettings(statementTimeoutMilliseconds: 60_000)
            search.efSearch = try settings.int("ef.search", flag: efSearch, default: search.efSearch, in: 1...1000)
            let givenProbes = try settings.int("probes", flag: probes, default: 0, in: 0...32_768)
            search.probes = givenProbes == 0 ? nil : givenProbes
            let connection = try await database.connect(settings)
            try await Migrator(connection).verify()
            let catalogue = try settings.string("catalogue", flag: catalogue) ?? "movies"
            if ifNeeded, let measured = try await measured(catalogue, connection) {
                let empty = Summary(generation: measured, seconds: 0, measurements: [])
                return try output.print(empty, text: "generation \(measured) is calibrated already")
            }
            let snapshot = try await SnapshotReader(connection).read(catalogue: catalogue, generation: generation)
            var logger = Logger(label: "kindred") { StreamLogHandler.standardError(label: $0) }
            logger.logLevel = .warning
            let points = try await Calibrator.with(
                snapshot, connection: try database.configuration(settings), settings: search, effort: effort,
                logger: logger, report: note
            ) { try await $0.run() }
            let id = snapshot.generation.id
            try await Calibration.write(points, generation: id, on: connection)
            let summary = Summary(
                generation: id, seconds: start.duration(to: .now) / .seconds(1),
                measurements: points.map(Self.measurement))
            try output.print(summary, text: Self.text(summary))
        }
    }

    /// The generation, if it has measurements.
    private func measured(_ catalogue: String, _ connection: Connection) async throws -> Int? {
        let id = try await ActiveGeneration.read(catalogue: catalogue, id: generation, on: connection).id
        return try await Calibration.read(generation: id, on: connection).points.isEmpty ? nil : id
    }

    private static func measurement(_ point: Calibration.Point) -> Summary.Measurement {
        .init(
            space: point.space.rawValue, parameter: point.parameter.rawValue, value: point.value, k: point.count,
            queries: point.queries, recall: point.recall, p50Ms: point.median / .milliseconds(1),
            p99Ms: point.percentile99 / .milliseconds(1))
    }

    private static func text(_ summary: Summary) -> String {
        let format = FloatingPointFormatStyle<Double>.number.grouping(.never)
        let rows =
            [["space", "parameter", "value", "k", "recall", "p50 ms", "p99 ms"]]
            + summary.measurements.map {
                [
                    $0.space, $0.parameter, String($0.value), String($0.k),
                    $0.recall.formatted(format.precision(.fractionLength(4))),
                    $0.p50Ms.formatted(format.precision(.fractionLength(3))),
                    $0.p99Ms.formatted(format.precision(.fractionLength(3))),
                ]
            }
        let seconds = summary.seconds.formatted(format.precision(.fractionLength(1)))
        return "\(TextTable(rows: rows))\ncalibrated generation \(summary.generation) in \(seconds) s"
    }
}
