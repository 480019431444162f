package import Logging
package import Postgres
import Synchronization

/// Brings what people did into memory, as the database has it: what was before this process, and what other services took.
package final class EventFollower: Sendable {
    /// How far events have been read. They are numbered as they begin to be written and seen as they are committed, so the
    /// last ones are read again for a while.
    private struct Position {
        /// Of what has been read so far and when, oldest first.
        var marks: [(id: Int64, at: ContinuousClock.Instant)] = []
        /// Nothing is written before it any more.
        var settled: Int64 = 0

        mutating func note(_ last: Int64, at now: ContinuousClock.Instant) {
            if last > marks.last?.id ?? settled { marks.append((last, now)) }
            while let first = marks.first, first.at + EventFollower.overlap < now {
                settled = first.id
                marks.removeFirst()
            }
        }
    }

    private static let interval = Duration.seconds(1)
    /// Far longer than a transaction of events takes.
    private static let overlap = Duration.seconds(30)
    private static let patience = Duration.seconds(5)
    private static let batch = 4096
    private static let statement = Statement(
        "events_after",
        """
        SELECT id, user_id, session, item_id, kind, value, (extract(epoch FROM occurred_at) * 1000000)::bigint
        FROM kindred.events WHERE catalogue_id = $1 AND id > $2 ORDER BY id LIMIT \(batch)
        """)

    /// Erasures follow each other one by one, so that later ones have later times.
    private static let erased = Statement(
        "erasures_after",
        """
        SELECT user_id, (extract(epoch FROM erased_at) * 1000000)::bigint
        FROM kindred.erasures WHERE catalogue_id = $1 AND (extract(epoch FROM erased_at) * 1000000)::bigint > $2
        """)

    private let histories: RecentHistories
    private let position = Mutex(Position())
    /// When the last user was erased who is forgotten here.
    private let forgotten = Mutex<Int64>(0)

    package init(_ histories: RecentHistories) { self.histories = histories }

    /// Reads what is new.
    ///
    /// - Parameter patience: for each batch; nil for as long as it takes.
    package func catchUp(on connection: Connection, catalogueID: Int32, patience: Duration? = nil) async throws {
        try await forget(on: connection, catalogueID: catalogueID, patience: patience)
        let start = ContinuousClock.now
        var last = position.withLock(\.settled)
        var count = 0
        repeat {
            let result = try await connection.query(
                Self.statement, [.int32(catalogueID), .int64(last)], deadline: patience.map { .now + $0 })
            count = result.rowCount
            guard count > 0 else { break }
            histories.record(try (0..<count).map { try Self.deed(result, $0) })
            last = try result.int64(count - 1, 0)
        } while count == Self.batch
        // What came before the reading began is settled first.
        position.withLock { $0.note(last, at: start) }
    }

    /// Users who were erased, wherever somebody asked for it.
    private func forget(on connection: Connection, catalogueID: Int32, patience: Duration?) async throws {
        let mark = forgotten.withLock(\.self)
        let result = try await connection.query(
            Self.erased, [.int32(catalogueID), .int64(mark)], deadline: patience.map { .now + $0 })
        histories.forget(try (0..<result.rowCount).map { .user(try result.int32($0, 0)) })
        let last = try (0..<result.rowCount).map { try result.int64($0, 1) }.max() ?? mark
        forgotten.withLock { $0 = max($0, last) }
    }

    /// Follows the table until the task is cancelled. While the database is away, this service's own events are all it
    /// knows of; the pool says why.
    package func run(_ pool: Pool, following current: CurrentRetriever, logger: Logger) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            do {
                try await pool.withConnection(deadline: .now + Self.patience) { connection in
                    let catalogue = current.retriever.snapshot.generation.catalogueID
                    try await catchUp(on: connection, catalogueID: catalogue, patience: Self.patience)
                }
            } catch {
                logger.debug("events were not read", metadata: ["error": "\(error)"])
            }
        }
    }

    private static func deed(_ result: QueryResult, _ row: Int) throws -> RecentHistories.Deed {
        let person: Person =
            result.isNull(row, 1) ? .session(try result.text(row, 2)) : .user(try result.int32(row, 1))
        let value = result.isNull(row, 5) ? nil : try result.float(row, 5)
        return RecentHistories.Deed(
            person, try result.int32(row, 3), Opinion(eventKind: try result.text(row, 4), value: value),
            occurredAt: try result.int64(row, 6))
    }
}
