package import Logging
package import Postgres
import Synchronization
package import Telemetry

/// Audits the plans of the served generation: at the start, after every switch, and again and again, since an index can be
/// dropped, be left invalid, or fall out of the planner's favour after an ANALYZE.
///
/// A database that is away says nothing of its plans: what was last found stands until it can be asked again.
package final class PlanAuditor: Sendable {
    package struct Configuration: Sendable {
        /// Made anew for each audit, with the settings of the connections that serve.
        package var connection: ConnectionConfiguration
        package var interval: Duration

        package init(connection: ConnectionConfiguration, interval: Duration) {
            self.connection = connection
            self.interval = interval
        }
    }

    private struct State {
        var outcome = PlanAudit.Outcome()
        var hasFailed = false
    }

    private static let patience = Duration.seconds(30)

    private let configuration: Configuration
    private let registry: Registry
    private let logger: Logger
    private let state = Mutex(State())
    /// One that waits is enough: an audit is of what is served then.
    private let (wishes, wish) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    package init(_ configuration: Configuration, registry: Registry, logger: Logger) {
        self.configuration = configuration
        self.registry = registry
        self.logger = logger
    }

    /// Which statements go without their index though they should not, in words that anyone may read.
    package var troubles: [String] { state.withLock { $0.outcome.troubles.map(\.description) } }

    /// What is served is another now.
    package func audit() { wish.yield() }

    /// Audits until the task is cancelled.
    package func run(auditing current: CurrentRetriever) async {
        async let ticking: Void = tick()
        for await _ in wishes { await audit(current) }
        await ticking
    }

    private func tick() async {
        while !Task.isCancelled {
            wish.yield()
            try? await Task.sleep(for: configuration.interval)
        }
    }

    private func audit(_ current: CurrentRetriever) async {
        let retriever = current.retriever
        // Until the database has confirmed what came from a file it is asked nothing.
        guard !retriever.isProvisional else { return }
        let deadline = ContinuousClock.now + Self.patience
        do {
            let connection = try await Connection.connect(configuration.connection, deadline: deadline)
            let outcome = try await PlanAudit(retriever: retriever, connection: connection, deadline: deadline).run()
            // After a switch another audit is due already.
            if current.retriever.snapshot.generation.id == retriever.snapshot.generation.id { note(outcome) }
        } catch {
            if !Task.isCancelled { noteFailure(error) }
        }
    }

    private func note(_ outcome: PlanAudit.Outcome) {
        let former = state.withLock { state in
            defer { state = State(outcome: outcome) }
            return state.outcome
        }
        for gone in Set(former.findings.map(Series.init)).subtracting(outcome.findings.map(Series.init)) {
            registry.removeSeries(name: MetricName.planUsesIndex, labels: gone.labels)
        }
        for finding in outcome.findings {
            registry.gauge(
                name: MetricName.planUsesIndex,
                help: "1 where the planner answers the statement with its index, 0 where it compares every row.",
                labels: Series(finding).labels
            ).set(finding.usesIndex ? 1 : 0)
        }
        for trouble in outcome.troubles where !former.troubles.contains(trouble) {
            logger.error("\(trouble.description)", metadata: ["remedy": "\(trouble.remedy)"])
        }
        if outcome.troubles.isEmpty, !former.troubles.isEmpty {
            logger.notice("every statement is answered as it should be again")
        }
    }

    private func noteFailure(_ error: any Error) {
        let isNew = state.withLock { state in
            defer { state.hasFailed = true }
            return !state.hasFailed
        }
        let isOutage = (error as? PostgresError).map { $0.isUnavailable || $0.code == .deadline } ?? false
        logger.log(
            level: isNew && !isOutage ? .warning : .debug, "the plans could not be audited",
            metadata: ["error": "\(error)"])
    }

    private struct Series: Hashable {
        let route: String
        let limit: Int
        let excludes: Bool

        init(_ finding: PlanFinding) {
            (route, limit, excludes) = (finding.route.rawValue, finding.limit, finding.excludes)
        }

        var labels: KeyValuePairs<String, String> {
            ["route": route, "limit": "\(limit)", "exclusions": "\(excludes)"]
        }
    }
}
