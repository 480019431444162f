import Postgres

/// What a user did, newest first.
package struct UserHistory: Sendable {
    package struct Entry: Sendable, Equatable {
        package let itemID: Int32
        /// rated, viewed or watched.
        package let kind: String
        /// Of rated the stars, of watched the seconds; nil where it is not known.
        package let value: Double?
        /// RFC 3339; nil where it is not known.
        package let occurredAt: String?
    }

    package let entries: [Entry]

    private static let query = Statement(
        "history_of_user",
        """
        SELECT item_id, kind, value,
               to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        FROM (
            SELECT item_id, 'rated' AS kind, value::float8 AS value, occurred_at FROM kindred.interactions
            WHERE catalogue_id = $1 AND user_id = $2
            UNION ALL
            SELECT item_id, kind, value::float8, occurred_at FROM kindred.events
            WHERE catalogue_id = $1 AND user_id = $2
        ) h
        ORDER BY occurred_at DESC, item_id, kind
        """)

    /// Interactions that were loaded and events that came since, of a user that training need not know.
    static func read(
        user: Int32, catalogue: Int32, from pool: Pool, deadline: ContinuousClock.Instant
    ) async throws -> UserHistory {
        let (result, _) = try await pool.query(query, [.int32(catalogue), .int32(user)], deadline: deadline)
        return UserHistory(
            entries: try (0..<result.rowCount).map { row in
                Entry(
                    itemID: try result.int32(row, 0), kind: try result.text(row, 1),
                    value: result.isNull(row, 2) ? nil : try result.double(row, 2),
                    occurredAt: try result.text(row, 3))
            })
    }

    init(entries: [Entry]) { self.entries = entries }

    /// The items that the user has rated, each with the latest rating.
    var ratings: [(itemID: Int32, value: Double?)] {
        var known: Set<Int32> = []
        return entries.filter { $0.kind == "rated" && known.insert($0.itemID).inserted }.map { ($0.itemID, $0.value) }
    }
}

extension Snapshot {
    /// What memory has of a user's history: the ratings, not when they were given; nil for a user that it does not know.
    func ratings(of user: Int32) -> UserHistory? {
        guard let row = userRows[user] else { return nil }
        return UserHistory(
            entries: seen.range(of: row).map { place in
                .init(
                    itemID: items.ids[Int(seen.rows[place])], kind: "rated", value: Double(seen.values[place]),
                    occurredAt: nil)
            })
    }
}
