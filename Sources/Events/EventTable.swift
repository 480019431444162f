import Foundation
import Postgres

/// `kindred.events`, over one connection.
struct EventTable {
    private static let insert = Statement(
        "insert_events",
        """
        INSERT INTO kindred.events (event_id, catalogue_id, user_id, session, item_id, kind, value, generation_id,
                                    request_id, occurred_at, received_at)
        SELECT event_id, catalogue_id, user_id, session, item_id, kind, value, generation_id, request_id,
               timestamptz 'epoch' + occurred_us * interval '1 microsecond',
               timestamptz 'epoch' + received_us * interval '1 microsecond'
        FROM json_to_recordset($1::json) AS e (
            event_id text, catalogue_id integer, user_id integer, session text, item_id integer, kind text, value real,
            generation_id integer, request_id text, occurred_us bigint, received_us bigint)
        ON CONFLICT (catalogue_id, event_id) DO NOTHING
        """)

    private static let session = [
        // A commit that a crash of the server may take back is none: the journal would forget what the database lost.
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
        // A lock that somebody holds on the table becomes an error that is told.
        "SET statement_timeout = '30s'",
    ]

    private let connection: Connection

    static func connect(_ configuration: ConnectionConfiguration) async throws -> EventTable {
        var configuration = configuration
        configuration.sessionStatements += session
        return EventTable(connection: try await Connection.connect(configuration, deadline: .now + .seconds(10)))
    }

    /// Stores those that are not there yet, all or none; returns how many those were. Committed when it returns.
    ///
    /// - Parameter events: each the JSON of an ``Event``.
    func insert(_ events: ArraySlice<Data>) async throws -> Int {
        let list = "[" + events.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ",") + "]"
        return try await connection.query(Self.insert, [.text(list)], deadline: .now + .seconds(60)).affectedRows
    }
}

extension PostgresError {
    /// The server refuses the rows, and would again: a data exception (22), a broken constraint (23), a limit of the
    /// program (54), or a trigger's own exception (P0).
    var isRefusalOfData: Bool {
        code == .server && ["22", "23", "54", "P0"].contains { sqlState?.hasPrefix($0) ?? false }
    }
}
