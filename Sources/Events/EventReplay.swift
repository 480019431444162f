import Foundation
package import Journal
package import Logging
package import Postgres
import Synchronization

/// Carries events from the journal to the database, for as long as it runs.
///
/// A batch is confirmed in the journal after it is committed in the database. Between the two the process may end: then
/// the batch is stored again, and the unique ids of events make that nothing.
package final class EventReplay: Sendable {
    package struct Status: Sendable, Equatable {
        /// Events written to the database since the start.
        package var stored: UInt64 = 0
        /// Events that the database had already.
        package var duplicates: UInt64 = 0
        /// Events that the database refused, kept in `rejected.jsonl`.
        package var rejected: UInt64 = 0
        /// When the event that waits longest was received; nil when none waits.
        package var oldestPending: Timestamp?
        /// Why the last attempt failed; nil when it did not.
        package var failure: String?
    }

    private struct Outcome {
        var stored = 0
        var duplicates = 0
        var rejected = 0

        static func + (left: Outcome, right: Outcome) -> Outcome {
            Outcome(
                stored: left.stored + right.stored, duplicates: left.duplicates + right.duplicates,
                rejected: left.rejected + right.rejected)
        }
    }

    private static let batchRecords = 1000
    private static let batchBytes = 1 << 20
    private static let firstPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(5)

    private let journal: Journal
    private let database: ConnectionConfiguration
    private let rejected: RejectedEvents
    private let logger: Logger
    private let state = Mutex(Status())

    /// - Parameters:
    ///   - database: one that can be written to.
    ///   - rejectedPath: file for events that the database refuses.
    package init(journal: Journal, database: ConnectionConfiguration, rejectedPath: String, logger: Logger) {
        self.journal = journal
        self.database = database
        self.rejected = RejectedEvents(path: rejectedPath)
        self.logger = logger
    }

    package var status: Status { state.withLock { $0 } }

    /// Takes a user's events out of `rejected.jsonl`; returns how many.
    package func forgetRejected(user: Int32, catalogueID: Int32) async throws -> Int {
        try await rejected.remove(user: user, catalogueID: catalogueID)
    }

    /// Stores what the journal has and what comes, until the task is cancelled.
    ///
    /// While the database is away or read-only it tries again after a growing, jittered pause, for ever.
    package func run() async {
        var table: EventTable?
        var pause = Self.firstPause
        for await _ in journal.arrivals {
            var hasMore = true
            while hasMore, !Task.isCancelled {
                do {
                    hasMore = try await carryBatch(&table)
                    pause = Self.firstPause
                } catch {
                    guard !Task.isCancelled else { return }
                    failed(error)
                    // Whatever its state, the next attempt begins with a connection that is known.
                    table = nil
                    try? await Task.sleep(for: pause * Double.random(in: 0.5...1))
                    pause = min(pause * 2, Self.longestPause)
                }
            }
        }
    }

    /// False when there was nothing to carry.
    private func carryBatch(_ table: inout EventTable?) async throws -> Bool {
        guard let batch = try await journal.nextBatch(records: Self.batchRecords, bytes: Self.batchBytes) else {
            state.withLock { $0.oldestPending = nil }
            return false
        }
        let oldest = batch.payloads.first.flatMap(Self.receivedAt)
        state.withLock { $0.oldestPending = oldest }
        let open = if let table { table } else { try await EventTable.connect(database) }
        table = open
        let outcome = try await store(batch.payloads[...], in: open)
        try await journal.confirm(batch)
        let recovered = state.withLock { state in
            state.stored += UInt64(outcome.stored)
            state.duplicates += UInt64(outcome.duplicates)
            state.rejected += UInt64(outcome.rejected)
            defer { state.failure = nil }
            return state.failure != nil
        }
        if recovered { logger.notice("events are written to the database again") }
        return true
    }

    /// Halves what the database refuses until the bad events are alone: one of them must not hold up the others.
    private func store(_ events: ArraySlice<Data>, in table: EventTable) async throws -> Outcome {
        do {
            let stored = try await table.insert(events)
            return Outcome(stored: stored, duplicates: events.count - stored)
        } catch let error as PostgresError where error.isRefusalOfData {
            guard events.count > 1 else {
                try await rejected.append(events[events.startIndex], reason: "\(error)")
                logger.error(
                    "the database refuses an event; it is kept in rejected.jsonl", metadata: ["error": "\(error)"])
                return Outcome(rejected: 1)
            }
            let middle = events.startIndex + events.count / 2
            let first = try await store(events[..<middle], in: table)
            return first + (try await store(events[middle...], in: table))
        }
    }

    private func failed(_ error: any Error) {
        var reason = "\(error)"
        if (error as? PostgresError)?.sqlState == "25006" {
            reason += "; the server is read-only: set database.write.url to one that is not"
        }
        let fixed = reason
        let former = state.withLock { state in
            defer { state.failure = fixed }
            return state.failure
        }
        // Once for each reason, not once for each attempt.
        guard former != reason else { return }
        logger.warning("events wait in the journal: they cannot be stored", metadata: ["error": "\(reason)"])
    }

    private static func receivedAt(_ event: Data) -> Timestamp? {
        try? JSONDecoder().decode(Event.self, from: event).receivedAt
    }
}
