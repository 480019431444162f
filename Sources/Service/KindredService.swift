import Caching
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
package import Postgres
package import Retrieval
package import ServiceLifecycle
import Telemetry

/// The serving program, wired: pool, HTTP server, and what follows the active generation.
package struct KindredService: Sendable {
    private let current: CurrentRetriever
    /// In the order to start; shutdown is the reverse, so that the server drains before its pool goes.
    package let services: [any Service]

    private let credentials: Credentials

    /// Reads the files of keys and the certificate again; what cannot be read stays as it was.
    package func reload(_ logger: Logger) { credentials.reload(logger) }

    /// The generation that is served now, in memory.
    package var snapshot: Snapshot { current.retriever.snapshot }

    /// Reads the active generation and wires everything; nothing runs yet.
    ///
    /// - Parameters:
    ///   - control: what the admin routes move the pointer with; nil for no such routes.
    ///   - checkSchema: throws for a database that this program cannot read.
    ///   - onListening: called with the port once the server accepts connections.
    /// - Throws: `PostgresError` when the database is not there, ``NothingToServe`` when there is no usable snapshot either,
    ///   ``RetrievalError`` when it has no generation, `JournalError` when the state folder cannot be used,
    ///   ``AccessError`` when a key or an origin cannot be, or what `checkSchema` throws.
    package static func build(
        _ configuration: ServiceConfiguration, logger: Logger, control: GenerationControl? = nil,
        checkSchema: @escaping @Sendable (Connection) async throws -> Void = { _ in },
        onListening: @escaping @Sendable (Int) async -> Void
    ) async throws -> KindredService {
        let credentials = try Credentials(configuration.access)
        let histories = RecentHistories()
        let follower = EventFollower(histories)
        let start = FirstGeneration(configuration, events: follower, logger: logger, checkSchema: checkSchema)
        let snapshot = try await start.read()
        let registry = Registry()
        let metrics = RetrievalMetrics(registry: registry)
        let pool = Pool(configuration.pool, logger: logger)
        let saver = start.file.map { SnapshotSaver($0, first: snapshot, registry: registry, logger: logger) }
        let auditor = configuration.planAudit.map { PlanAuditor($0, registry: registry, logger: logger) }
        let recall =
            configuration.recallSample > 0 ? RecallMonitor(share: configuration.recallSample, registry: registry) : nil
        let current = CurrentRetriever(
            Retriever(
                snapshot: snapshot, pool: pool, settings: configuration.search, metrics: metrics, recall: recall,
                histories: histories, logger: logger)
        ) {
            saver?.save()
            auditor?.audit()
            recall?.forget()
        }
        let watcher = GenerationWatcher(
            configuration.watcher, current: current,
            metrics: GenerationMetrics(registry: registry, current: current), logger: logger, checkSchema: checkSchema)
        let cache = AnswerCache<EncodedAnswer>(entries: configuration.cacheEntries, bytes: configuration.cacheBytes)
        registerReadings(in: registry, pool: pool, current: current, cache: cache, histories: histories)
        let events = try EventPipeline(configuration, logger: logger)
        events?.registerReadings(in: registry)

        let httpMetrics = HTTPMetrics(registry: registry)
        let ids = RequestIDs()
        let router = Router(context: ServiceContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestMiddleware(metrics: httpMetrics, logger: logger, ids: ids))
        let search = ListSearch(current: current, cache: cache, metrics: metrics)
        let ofModel = router.group().add(middleware: ModelPin(current: current))
        MovieRoutes(
            current: current, search: search, deadlineMilliseconds: configuration.deadlineMilliseconds
        ).add(to: ofModel)
        RecommendationRoutes(
            current: current, search: search, deadlineMilliseconds: configuration.deadlineMilliseconds
        ).add(to: ofModel)
        CatalogueRoutes(current: current).add(to: ofModel)
        UserRoutes(current: current, deadlineMilliseconds: configuration.deadlineMilliseconds).add(to: ofModel)
        GenerationRoutes(current: current, deadlineMilliseconds: configuration.deadlineMilliseconds).add(to: router)
        EventRoutes(
            journal: events?.journal, snapshot: { current.retriever.snapshot }, histories: histories,
            metrics: EventMetrics(registry: registry)
        ).add(to: router)
        PageRoutes().add(to: router)
        OperationsRoutes(current: current, pool: pool, registry: registry) {
            watcher.troubles + (auditor?.troubles ?? []) + (saver?.concerns ?? []) + (events?.concerns ?? [])
        }.add(to: router)

        if let keys = credentials.keys, keys.hasAdminKeys {
            let erasure = UserErasure(
                database: configuration.events, current: current, histories: histories, cache: cache, events: events,
                logger: logger)
            AdminRoutes(keys: keys, erasure: erasure, control: control).add(to: router)
        }
        try DescriptionRoutes(of: router).add(to: router)
        MethodRefusals.add(to: router)
        // At info it tells where it listens, which is for `onListening` to tell.
        var serverLogger = logger
        serverLogger.logLevel = max(logger.logLevel, .notice)
        let serverName = "kindred"
        let lists = ListAnswers(
            search: search, metrics: httpMetrics, deadlineMilliseconds: configuration.deadlineMilliseconds, ids: ids,
            serverName: serverName)
        // As many as may have a connection to the database or wait for one.
        let admission = Admission(limit: configuration.connections + configuration.queue)
        registry.gauge(name: MetricName.requestsUnderWay, help: "Requests that are being answered.") {
            Double(admission.underWay)
        }
        let gate = try Gate(configuration.access, keys: credentials.keys)
        let limits = configuration.limits
        let application = Application(
            router: router,
            server: HTTPServerBuilder { responder in
                let http = HTTP1Channel(
                    responder: responder,
                    configuration: .init(
                        httpDecoderConfiguration: .init(
                            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                            maxHeaderFieldCount: ConnectionLimits.headerFields)))
                let plain = ListChannel(
                    base: LoopBound(base: http), answers: lists, admission: admission, gate: gate, limits: limits)
                guard let certificate = credentials.certificate else { return plain }
                return TLSConnections(base: plain, certificate: certificate)
            },
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port), serverName: serverName,
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.httpConnections)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? configuration.port) },
            logger: serverLogger)
        var background: [any Service] = [BackgroundService(run: pool.run), BackgroundService(run: watcher.run)]
        background.append(
            BackgroundService { await follower.run(pool, following: current, logger: logger) })
        if let auditor { background.append(BackgroundService { await auditor.run(auditing: current) }) }
        if let recall { background.append(BackgroundService { await recall.run(watching: current) }) }
        if let saver { background.append(BackgroundService { await saver.run(saving: current) }) }
        return KindredService(
            current: current, services: background + (events.map { [$0] } ?? []) + [application],
            credentials: credentials)
    }

    /// Numbers that are kept elsewhere and read at each scrape.
    private static func registerReadings(
        in registry: Registry, pool: Pool, current: CurrentRetriever, cache: AnswerCache<EncodedAnswer>,
        histories: RecentHistories
    ) {
        registry.counter(name: MetricName.cacheHits, help: "Answers found in the cache.") { cache.statistics.hits }
        registry.counter(name: MetricName.cacheMisses, help: "Answers not found in the cache.") {
            cache.statistics.misses
        }
        registry.counter(name: MetricName.cacheEvictions, help: "Answers pushed out of the cache.") {
            cache.statistics.evictions
        }
        registry.gauge(name: MetricName.cacheEntries, help: "Answers in the cache.") {
            Double(cache.statistics.entries)
        }
        registry.gauge(name: MetricName.cacheBytes, help: "Bytes of the answers in the cache.") {
            Double(cache.statistics.bytes)
        }
        registry.gauge(
            name: MetricName.recentHistories, help: "People whose events are laid over what the model knows of them."
        ) { Double(histories.statistics.entries) }
        registry.counter(
            name: MetricName.recentHistoryEvictions, help: "People whose events were forgotten for want of room."
        ) { histories.statistics.evictions }
        registry.gauge(name: MetricName.poolOpen, help: "Connections to the database.") { Double(pool.status.open) }
        registry.gauge(name: MetricName.poolIdle, help: "Connections that nobody uses.") { Double(pool.status.idle) }
        registry.gauge(name: MetricName.poolWaiting, help: "Requests that wait for a connection.") {
            Double(pool.status.waiting)
        }
        registry.gauge(name: MetricName.degraded, help: "1 while the database is away and memory answers alone.") {
            pool.status.failure == nil && current.retriever.snapshot.filedAt == nil ? 0 : 1
        }
    }
}

/// Runs what the server needs until the server has drained.
private struct BackgroundService: Service {
    /// Ends when its task is cancelled.
    let run: @Sendable () async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown { await run() }
    }
}
