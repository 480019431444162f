public import ArgumentParser
import Foundation
import Loading
public import Logging
import Postgres
import Retrieval
import Service
import ServiceLifecycle
import Settings
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer over HTTP from the active generation, whichever that is.",
        discussion:
            "Follows `kindred activate` and `kindred rollback` while it runs. Ends gracefully on SIGTERM or SIGINT: requests under way are answered first."
    )

    @Option(help: "Address to listen on (default: 127.0.0.1).")
    var host: String?

    @Option(help: "TCP port, 0 for any free one; also PORT (default: 8080).")
    var port: Int?

    @Option(help: "Catalogue to serve (default: movies).")
    var catalogue: String?

    @Option(help: "Connections to the database (default: 4).")
    var databaseConnections: Int?

    @Option(help: "Milliseconds until a start without the database takes the snapshot (default: 3000).")
    var databaseStartMs: Int?

    @Option(help: "Requests that may wait for a connection (default: 256).")
    var databaseQueue: Int?

    @Option(help: "Connections of clients at a time (default: 4096).")
    var httpConnections: Int?

    @Option(help: "Answers to cache, 0 for none (default: 10000).")
    var cacheEntries: Int?

    @Option(help: "Bytes the cached answers may take (default: 67108864).")
    var cacheBytes: Int?

    @Option(help: "Milliseconds a request may wait for the database before memory answers (default: 500).")
    var deadlineMs: Int?

    @Option(help: "HNSW: candidates kept while searching, 1 to 1000 (default: 64).")
    var efSearch: Int?

    @Option(help: "IVFFlat: lists searched (default: what the generation was loaded with).")
    var probes: Int?

    @Option(
        help:
            "Recall below which more of the index is searched than --ef-search or --probes, 0 to 1; needs `kindred calibrate` (default: 0.95)."
    )
    var recallTarget: Double?

    @Option(help: "Candidates asked of the index per result wanted, 1 to 50 (default: what its storage needs).")
    var oversampling: Int?

    @Option(
        help: "Milliseconds after which an activation is noticed without a notification, 10 to 3600000 (default: 1000)."
    )
    var generationPollMs: Int?

    @Option(help: "Seconds between two audits of the plans, 0 to 86400, 0 for none (default: 60).")
    var planAuditSeconds: Int?

    @Option(help: "Share of the index's answers that are compared with an exact scan, 0 to 1 (default: 0.01).")
    var recallSample: Double?

    @Option(help: "Milliseconds after which PostgreSQL itself ends a statement (default: 5000).")
    var statementTimeoutMs: Int?

    @Option(
        help: ArgumentHelp(
            "Folder for the event journal and the snapshot, of this service alone (default: none, events are refused).",
            valueName: "folder"))
    var state: String?

    @Option(help: "Bytes that events which wait for the database may take on the disk (default: 1073741824).")
    var journalBytes: Int?

    @Option(
        help: ArgumentHelp(
            "libpq URL of the database that events are written to (default: the database read from).",
            valueName: "url"))
    var databaseWriteURL: String?

    @Option(help: "Milliseconds that requests under way have when the service is told to stop (default: 10000).")
    var drainMs: Int?

    @Option(help: "Least severe log level shown: debug, info, notice, warning or error (default: info).")
    var logLevel: Logger.Level?

    @OptionGroup var guarding: GuardOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        try await reportingFailure {
            let settings = try await database.settings()
            let configuration = try self.configuration(settings)
            let level = try settings.choice("log.level", flag: logLevel, default: .info)
            // Standard output stays free; a supervisor reads standard error.
            LoggingSystem.bootstrap(StreamLogHandler.standardError)
            var logger = Logger(label: "kindred")
            logger.logLevel = level
            OpenFiles.raiseLimit(for: configuration.httpConnections, logger)
            let drain = try settings.int("drain.ms", flag: drainMs, default: 10_000, in: 0...600_000)
            try await serve(configuration, drain: .milliseconds(drain), logger)
        }
    }

    private func serve(_ configuration: ServiceConfiguration, drain: Duration, _ logger: Logger) async throws {
        let start = ContinuousClock.now
        let control = GenerationControl.loading(configuration)
        let service = try await KindredService.build(configuration, logger: logger, control: control) { connection in
            if let newer = try await Migrator(connection).verifyForReading() { logger.warning("\(newer)") }
        } onListening: { port in
            let seconds = start.duration(to: .now) / .seconds(1)
            let scheme = configuration.access.tlsCertificateFile == nil ? "http" : "https"
            note(
                "serving on \(scheme)://\(configuration.host):\(port), ready in "
                    + seconds.formatted(.number.precision(.fractionLength(2))) + " s")
        }
        let generation = service.snapshot.generation
        note(
            "generation \(generation.id) (\(generation.model) \(generation.version), index \(generation.index)): "
                + "\(service.snapshot.items.count) items, \(service.snapshot.userCount) users")
        let services: [any ServiceLifecycle.Service] = service.services + [Hangups(service: service, logger: logger)]
        var group = ServiceGroupConfiguration(
            services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        // A client that never reads its answer must not hold up the end.
        group.maximumGracefulShutdownDuration = drain
        try await ServiceGroup(configuration: group).run()
        note("stopped")
    }

    private func configuration(_ settings: Settings) throws -> ServiceConfiguration {
        var configuration = ServiceConfiguration(databaseURL: try database.url(settings))
        configuration.databasePasswordFile = try database.passwordFile(settings)
        configuration.host = try settings.string("host", flag: host) ?? configuration.host
        // PORT is what platforms set; the flag and KINDRED_PORT are more specific.
        let conventional = ProcessInfo.processInfo.environment["PORT"].flatMap { $0.isEmpty ? nil : $0 }
        guard let standard = conventional.map({ Int($0) }) ?? configuration.port, (0...65535).contains(standard) else {
            throw SettingsError.invalid(source: "PORT", reason: "'\(conventional ?? "")' is not a port")
        }
        configuration.port = try settings.int("port", flag: port, default: standard, in: 0...65535)
        configuration.catalogue = try settings.string("catalogue", flag: catalogue) ?? configuration.catalogue
        configuration.connections = try settings.int(
            "database.connections", flag: databaseConnections, default: configuration.connections, in: 1...200)
        configuration.databaseStartMilliseconds = try settings.int(
            "database.start.ms", flag: databaseStartMs, default: configuration.databaseStartMilliseconds,
            in: 100...600_000)
        configuration.queue = try settings.int(
            "database.queue", flag: databaseQueue, default: configuration.queue, in: 0...100_000)
        configuration.httpConnections = try settings.int(
            "http.connections", flag: httpConnections, default: configuration.httpConnections, in: 1...100_000)
        configuration.cacheEntries = try settings.int(
            "cache.entries", flag: cacheEntries, default: configuration.cacheEntries, in: 0...100_000_000)
        configuration.cacheBytes = try settings.int(
            "cache.bytes", flag: cacheBytes, default: configuration.cacheBytes, in: 0...(1 << 40))
        configuration.deadlineMilliseconds = try settings.int(
            "deadline.ms", flag: deadlineMs, default: configuration.deadlineMilliseconds, in: 1...60_000)
        configuration.generationPollMilliseconds = try settings.int(
            "generation.poll.ms", flag: generationPollMs, default: configuration.generationPollMilliseconds,
            in: 10...3_600_000)
        configuration.planAuditSeconds = try settings.int(
            "plan.audit.seconds", flag: planAuditSeconds, default: configuration.planAuditSeconds, in: 0...86_400)
        configuration.recallSample = try settings.double(
            "recall.sample", flag: recallSample, default: configuration.recallSample, in: 0...1)
        configuration.search.efSearch = try settings.int(
            "ef.search", flag: efSearch, default: configuration.search.efSearch, in: 1...1000)
        let givenProbes = try settings.int("probes", flag: probes, default: 0, in: 0...32_768)
        configuration.search.probes = givenProbes == 0 ? nil : givenProbes
        let target = try settings.double("recall.target", flag: recallTarget, default: 0.95, in: 0...1)
        configuration.search.recallTarget = target == 0 ? nil : target
        let multiple = try settings.int("oversampling", flag: oversampling, default: 0, in: 0...50)
        configuration.search.oversampling = multiple == 0 ? nil : multiple
        configuration.search.statementTimeoutMilliseconds = try settings.int(
            "statement.timeout.ms", flag: statementTimeoutMs,
            default: configuration.search.statementTimeoutMilliseconds, in: 1...600_000)
        configuration.stateFolder = try settings.string("state", flag: state)
        configuration.journalBytes = try settings.int(
            "journal.bytes", flag: journalBytes, default: configuration.journalBytes, in: (1 << 20)...(1 << 40))
        configuration.databaseWriteURL = try settings.string("database.write.url", flag: databaseWriteURL)
        configuration.access = try guarding.access(settings)
        configuration.limits = try guarding.limits(settings)
        return configuration
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
