import Foundation
package import Logging
import Synchronization
package import Telemetry

/// Keeps what is served on the disk, for a start while the database is away.
///
/// A write that fails is logged and counted, tried again after a minute, and hurts no answer.
package final class SnapshotSaver: Sendable {
    private struct State {
        /// When the newest file was written; nil for none.
        var savedAt: Date?
        var hasFailed = false
    }

    private static let retryPause = Duration.seconds(60)

    private let file: SnapshotFile
    private let failures: Counter
    private let logger: Logger
    private let state: Mutex<State>
    private let (wishes, wish) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// - Parameter first: what the service starts with.
    package init(_ file: SnapshotFile, first: Snapshot, registry: Registry, logger: Logger) {
        self.file = file
        self.logger = logger
        state = Mutex(State(savedAt: first.filedAt))
        failures = registry.counter(
            name: MetricName.snapshotFailures, help: "Snapshots that could not be written to the state folder.")
        registry.gauge(
            name: MetricName.snapshotAge,
            help: "Seconds since the snapshot in the state folder was written; +Inf before the first."
        ) { [self] in state.withLock { $0.savedAt.map { -$0.timeIntervalSinceNow } ?? .infinity } }
        // What came from the file is in it.
        if first.filedAt == nil { wish.yield() }
    }

    /// What anyone may read; the log has the reason.
    package var concerns: [String] {
        state.withLock { $0.hasFailed }
            ? ["the snapshot for a start without the database cannot be written"] : []
    }

    /// What is served is another now.
    package func save() { wish.yield() }

    /// Writes until the task is cancelled.
    package func run(saving current: CurrentRetriever) async {
        for await _ in wishes {
            let isSaved = await withTaskExecutorPreference(BackgroundThread.shared) {
                write(current.retriever.snapshot)
            }
            guard !isSaved else { continue }
            try? await Task.sleep(for: Self.retryPause)
            wish.yield()
        }
    }

    private func write(_ snapshot: Snapshot) -> Bool {
        let start = ContinuousClock.now
        let date = Date()
        do {
            try file.write(snapshot, at: date)
        } catch {
            guard !Task.isCancelled else { return false }
            failures.increment()
            state.withLock { $0.hasFailed = true }
            logger.error("the snapshot cannot be written", metadata: ["error": "\(error)"])
            return false
        }
        state.withLock { $0 = State(savedAt: date) }
        let seconds = start.duration(to: .now) / .seconds(1)
        logger.info(
            "snapshot written",
            metadata: [
                "generation": "\(snapshot.generation.id)", "file": "\(file.path)",
                "seconds": "\((seconds * 1000).rounded() / 1000)",
            ])
        return true
    }
}
