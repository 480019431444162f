import Foundation
import ModelBundle
import Postgres

/// Brings a catalogue's items, users and interactions up to date with a bundle: new rows are added, changed ones
/// replaced, others left alone. Runs inside the load's transaction.
struct CatalogueWriter {
    static let tables = ["kindred.items", "kindred.users", "kindred.interactions"]

    private let connection: Connection
    private let catalogueID: Int32

    init(_ connection: Connection, catalogueID: Int32) {
        self.connection = connection
        self.catalogueID = catalogueID
    }

    func write(_ bundle: ModelBundle) async throws {
        try await writeItems(bundle.items)
        try await writeUsers(bundle.users)
        try await writeInteractions(bundle.interactions)
    }

    private func writeItems(_ items: [CatalogueItem]) async throws {
        try await stage("items", columns: "id, title, released, tags, attributes", count: items.count) { copy in
            for item in items {
                let attributes = try Self.json(item.attributes)
                let released = try item.released.map { try Self.daysSince2000($0, item: item.id) }
                try await copy.row(columns: 6) { writer in
                    writer.int32(catalogueID)
                    writer.int32(item.id)
                    writer.text(item.title)
                    if let released { writer.date(daysSince2000: released) } else { writer.null() }
                    writer.textArray(item.tags)
                    writer.jsonb(attributes)
                }
            }
        } merge: {
            """
            ON CONFLICT (catalogue_id, id) DO UPDATE
            SET title = excluded.title, released = excluded.released, tags = excluded.tags,
                attributes = excluded.attributes
            WHERE (items.title, items.released, items.tags, items.attributes)
                IS DISTINCT FROM (excluded.title, excluded.released, excluded.tags, excluded.attributes)
            """
        }
    }

    private func writeUsers(_ users: [CatalogueUser]) async throws {
        try await stage("users", columns: "id, attributes", count: users.count) { copy in
            for user in users {
                let attributes = try Self.json(user.attributes)
                try await copy.row(columns: 3) { writer in
                    writer.int32(catalogueID)
                    writer.int32(user.id)
                    writer.jsonb(attributes)
                }
            }
        } merge: {
            """
            ON CONFLICT (catalogue_id, id) DO UPDATE SET attributes = excluded.attributes
            WHERE users.attributes IS DISTINCT FROM excluded.attributes
            """
        }
    }

    private func writeInteractions(_ interactions: [Interaction]) async throws {
        try await stage(
            "interactions", columns: "user_id, item_id, value, occurred_at", count: interactions.count
        ) { copy in
            for interaction in interactions {
                try await copy.row(columns: 5) { writer in
                    writer.int32(catalogueID)
                    writer.int32(interaction.user)
                    writer.int32(interaction.item)
                    writer.float(interaction.value)
                    writer.timestamp(secondsSince1970: interaction.timestamp)
                }
            }
        } merge: {
            """
            ON CONFLICT (catalogue_id, user_id, item_id) DO UPDATE
            SET value = excluded.value, occurred_at = excluded.occurred_at
            WHERE (interactions.value, interactions.occurred_at) IS DISTINCT FROM (excluded.value, excluded.occurred_at)
            """
        }
    }

    /// COPY cannot merge, so rows go to a temporary table of the same shape first.
    private func stage(
        _ table: String, columns: String, count: Int, copy: (inout CopyIn) async throws -> Void, merge: () -> String
    ) async throws {
        let columns = "catalogue_id, \(columns)"
        try await connection.execute(
            "CREATE TEMPORARY TABLE staged_\(table) (LIKE kindred.\(table)) ON COMMIT DROP")
        let copied = try await connection.copyIn(
            "COPY staged_\(table) (\(columns)) FROM STDIN (FORMAT binary)", copy)
        guard copied == count else { throw LoadingError.countMismatch(what: table, expected: count, found: copied) }
        try await connection.execute(
            """
            INSERT INTO kindred.\(table) (\(columns)) SELECT \(columns) FROM staged_\(table)
            \(merge())
            """)
    }

    private static func json(_ attributes: [String: String]) throws -> String {
        String(decoding: try JSONEncoder().encode(attributes), as: UTF8.self)
    }

    /// - Throws: `PostgresError` with code `decoding` for anything but a date as YYYY-MM-DD.
    private static func daysSince2000(_ date: String, item: Int32) throws -> Int32 {
        guard let days = try? Date(date, strategy: .iso8601.year().month().day()).timeIntervalSince1970 / 86_400 else {
            throw PostgresError(.decoding, "item \(item): '\(date)' is not a date as YYYY-MM-DD")
        }
        // 2000-01-01 is day 10,957 of 1970's count.
        return Int32(days.rounded(.down)) - 10_957
    }
}
