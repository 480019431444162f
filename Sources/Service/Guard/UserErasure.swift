import Caching
import Logging
import Postgres
import Retrieval

/// Forgets a user: in the database, in this service's memory, cache and files. Others that follow the same database
/// read their generation again when it tells them.
struct UserErasure: Sendable {
    /// What was removed.
    struct Outcome: Encodable, Sendable {
        struct Removed: Encodable, Sendable {
            let events: Int64
            let interactions: Int64
            let vectors: Int64
            let users: Int64
            /// Lines of `rejected.jsonl`.
            let rejectedEvents: Int
            /// Everybody's: they are found again without the user.
            let cachedAnswers: Int

            enum CodingKeys: String, CodingKey {
                case events, interactions, vectors, users
                case rejectedEvents = "rejected_events"
                case cachedAnswers = "cached_answers"
            }
        }

        let userID: Int32
        let removed: Removed
        /// Whether this service's memory still has the user; then it is about to read its generation again.
        let inMemory: Bool

        enum CodingKeys: String, CodingKey {
            case userID = "user_id"
            case removed
            case inMemory = "in_memory"
        }
    }

    private static let connectTimeout = Duration.seconds(5)
    private static let patience = Duration.seconds(60)
    /// For memory to follow.
    private static let patienceWithMemory = Duration.seconds(10)

    let database: ConnectionConfiguration
    let current: CurrentRetriever
    let histories: RecentHistories
    let cache: AnswerCache<EncodedAnswer>
    let events: EventPipeline?
    let logger: Logger

    /// - Throws: ``Problem`` when the database is away; then nothing was removed.
    func erase(_ user: Int32) async throws -> Outcome {
        let generation = current.retriever.snapshot.generation
        let rows = try await deleteRows(user, generation.catalogue)
        let rejected = try await events?.forget(user: user, catalogueID: generation.catalogueID) ?? 0
        histories.forget([.user(user)])
        let isGone = await waitForMemory(since: try rows.int64(0, 4))
        let cached = cache.statistics.entries
        cache.removeAll()
        let removed = Outcome.Removed(
            events: try rows.int64(0, 0), interactions: try rows.int64(0, 1), vectors: try rows.int64(0, 2),
            users: try rows.int64(0, 3), rejectedEvents: rejected, cachedAnswers: cached)
        // Who it was is in kindred.erasures, and should be nowhere else.
        logger.notice(
            "a user was erased",
            metadata: [
                "events": "\(removed.events)", "interactions": "\(removed.interactions)",
                "vectors": "\(removed.vectors)", "in_memory": "\(!isGone)",
            ])
        return Outcome(userID: user, removed: removed, inMemory: !isGone)
    }

    private func deleteRows(_ user: Int32, _ catalogue: String) async throws -> QueryResult {
        do {
            let connection = try await Connection.connect(database, deadline: .now + Self.connectTimeout)
            return try await connection.query(
                """
                SELECT events, interactions, vectors, users, (extract(epoch FROM erased_at) * 1000000)::bigint
                FROM kindred.erase_user($1, $2)
                """, [.text(catalogue), .int32(user)], deadline: .now + Self.patience)
        } catch let error as PostgresError where error.isUnavailable || error.code == .deadline {
            throw Problem.unavailable("nothing is known to be removed: the database does not answer", retryAfter: 5)
        } catch let error as PostgresError where error.sqlState == "25006" {
            throw Problem.unavailable("nothing was removed: the database is read-only; set database.write.url")
        }
    }

    /// Whether what is served was read after the erasure.
    private func waitForMemory(since erasedAt: Int64) async -> Bool {
        let deadline = ContinuousClock.now + Self.patienceWithMemory
        while current.retriever.snapshot.erasedAt < erasedAt {
            guard ContinuousClock.now < deadline, (try? await Task.sleep(for: .milliseconds(10))) != nil else {
                return false
            }
        }
        return true
    }
}
