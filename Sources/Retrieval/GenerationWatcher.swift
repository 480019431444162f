import Foundation
package import Logging
package import Postgres
import Synchronization

/// Follows a catalogue's pointer: when it names another generation than the one that is served, that one is read, warmed
/// and put in place.
///
/// Whatever goes wrong, the served generation goes on, `troubles` says so, and it is tried again.
package final class GenerationWatcher: Sendable {
    package struct Configuration: Sendable {
        /// Of a connection of its own, whose statements may take as long as reading a generation does.
        package var connection: ConnectionConfiguration
        package var catalogue: String
        /// The longest a move of the pointer goes unnoticed where no notification comes.
        package var pollInterval: Duration

        package init(connection: ConnectionConfiguration, catalogue: String, pollInterval: Duration) {
            self.connection = connection
            self.catalogue = catalogue
            self.pollInterval = pollInterval
        }
    }

    /// The database is there, but not one that this program reads.
    private struct UnfitSchema: Error, CustomStringConvertible {
        let description: String
    }

    private struct State {
        /// Why the pointer cannot be followed.
        var unreadable: String?
        /// Why what the pointer names is not served.
        var unserved: String?
        var hasSaidThatItPolls = false
    }

    private static let connectTimeout = Duration.seconds(5)
    private static let firstReconnectPause = Duration.milliseconds(100)
    private static let longestReconnectPause = Duration.seconds(2)

    private let configuration: Configuration
    private let current: CurrentRetriever
    private let metrics: GenerationMetrics
    private let checkSchema: @Sendable (Connection) async throws -> Void
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameter checkSchema: throws for a schema that this program cannot read; asked before a generation takes the place
    ///   of one that came from a file.
    package init(
        _ configuration: Configuration, current: CurrentRetriever, metrics: GenerationMetrics, logger: Logger,
        checkSchema: @escaping @Sendable (Connection) async throws -> Void
    ) {
        self.configuration = configuration
        self.current = current
        self.metrics = metrics
        self.logger = logger
        self.checkSchema = checkSchema
    }

    /// What keeps the service from following the pointer, in words that anyone may read; the log has the reasons.
    package var troubles: [String] {
        state.withLock { [provisional, $0.unreadable, $0.unserved].compactMap(\.self) }
    }

    /// What is served came from a file, and the database has not confirmed it yet.
    private var provisional: String? {
        let snapshot = current.retriever.snapshot
        return snapshot.filedAt.map {
            "started from the snapshot of \($0.ISO8601Format()) (generation \(snapshot.generation.id)): the database was away"
        }
    }

    /// Follows the pointer until the task is cancelled.
    package func run() async {
        var retry = RetrySchedule()
        var pause = Self.firstReconnectPause
        while !Task.isCancelled {
            do {
                let connection = try await Connection.connect(
                    configuration.connection, deadline: .now + Self.connectTimeout)
                let pointer = GenerationPointer(connection: connection, catalogue: configuration.catalogue)
                try await checkSchemaIfNeeded(connection)
                try await listen(pointer)
                try await follow(pointer, &retry)
            } catch {
                guard !Task.isCancelled else { return }
                if noteUnreadable(error) { pause = Self.firstReconnectPause }
                try? await Task.sleep(for: pause * Double.random(in: 0.5...1))
                pause = min(pause * 2, Self.longestReconnectPause)
            }
        }
    }

    /// A start from a file had no schema to check.
    private func checkSchemaIfNeeded(_ connection: Connection) async throws {
        guard current.retriever.isProvisional else { return }
        do {
            try await checkSchema(connection)
        } catch let error where !(error is PostgresError) {
            throw UnfitSchema(description: "\(error)")
        }
    }

    /// Where notifications are refused, looking at the pointer now and then has to do.
    private func listen(_ pointer: GenerationPointer) async throws {
        do {
            try await pointer.listen()
        } catch let error as PostgresError where error.code == .server && !error.isUnavailable {
            let isNew = state.withLock { state in
                defer { state.hasSaidThatItPolls = true }
                return !state.hasSaidThatItPolls
            }
            guard isNew else { return }
            logger.notice(
                "the server sends no notifications of activations; the pointer is only polled",
                metadata: ["interval": "\(configuration.pollInterval)", "error": "\(error)"])
        }
    }

    /// - Throws: when the connection is of no more use.
    private func follow(_ pointer: GenerationPointer, _ retry: inout RetrySchedule) async throws {
        while !Task.isCancelled {
            let wanted = try await pointer.read()
            noteReadable()
            let retriever = current.retriever
            let serving = retriever.snapshot.generation.id
            let isWhole = wanted?.erasedAt == retriever.snapshot.erasedAt
            if wanted?.generation == serving, !retriever.isProvisional, isWhole {
                retry.clear()
                state.withLock { $0.unserved = nil }
                if wanted?.calibratedAt != retriever.calibration.measuredAt { try await recalibrate(serving, pointer) }
            } else if let wanted = wanted?.generation {
                if retry.isDue(wanted, at: .now) {
                    try await change(to: wanted, pointer, &retry)
                    // The pointer may have moved in the time that took.
                    continue
                }
            } else {
                noteNoneActive(serving: serving)
            }
            let poll = ContinuousClock.now + configuration.pollInterval
            try await pointer.wait(until: retry.next.map { min($0, poll) } ?? poll)
        }
    }

    private func recalibrate(_ generation: Int, _ pointer: GenerationPointer) async throws {
        let calibration = try await Calibration.read(generation: generation, on: pointer.connection)
        current.recalibrate(calibration)
        logger.info(
            "read what searches were measured to find and to take",
            metadata: ["generation": "\(generation)", "points": "\(calibration.points.count)"])
    }

    private func change(to wanted: Int, _ pointer: GenerationPointer, _ retry: inout RetrySchedule) async throws {
        do {
            _ = try await GenerationSwitch(current: current, metrics: metrics, logger: logger).run(pointer)
        } catch {
            if Task.isCancelled { throw error }
            metrics.recordFailure()
            let pause = retry.failed(wanted, at: .now)
            let serving = current.retriever.snapshot.generation.id
            state.withLock {
                $0.unserved =
                    "generation \(wanted) is active but cannot be served; generation \(serving) goes on answering"
            }
            logger.error(
                "the active generation cannot be served; the former one goes on",
                metadata: [
                    "active": "\(wanted)", "serving": "\(serving)", "error": "\(error)", "retry_after": "\(pause)",
                ])
            guard pointer.connection.isIdle else { throw error }
        }
    }

    // MARK: What is said

    private func noteNoneActive(serving: Int) {
        let trouble = "the catalogue has no active generation any more; generation \(serving) goes on answering"
        let isNew = state.withLock { state in
            defer { state.unserved = trouble }
            return state.unserved != trouble
        }
        if isNew { logger.error("\(trouble)", metadata: ["catalogue": "\(configuration.catalogue)"]) }
    }

    /// Returns whether it could be read before.
    private func noteUnreadable(_ error: any Error) -> Bool {
        let trouble =
            error is UnfitSchema
            ? "the database has a schema that this version of Kindred does not read"
            : "the pointer to the active generation cannot be read; an activation goes unnoticed"
        let isNew = state.withLock { state in
            defer { state.unreadable = trouble }
            return state.unreadable != trouble
        }
        logger.log(level: isNew ? .warning : .debug, "\(trouble)", metadata: ["error": "\(error)"])
        return isNew
    }

    private func noteReadable() {
        let wasUnreadable = state.withLock { state in
            defer { state.unreadable = nil }
            return state.unreadable != nil
        }
        if wasUnreadable { logger.notice("the pointer to the active generation can be read again") }
    }
}
