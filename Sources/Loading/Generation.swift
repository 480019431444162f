package import Postgres

/// A generation as the database records it.
package struct Generation: Sendable, Equatable, Codable {
    package let id: Int
    package let catalogue: String
    package let model: String
    package let version: String
    package let state: String
    package let dimensions: Int
    package let index: String
    package let contentHash: String
    /// ISO 8601, as PostgreSQL prints it.
    package let loadedAt: String
    package let activatedAt: String?

    /// All generations, newest first.
    package static func all(on connection: Connection) async throws -> [Generation] {
        let result = try await connection.query(
            """
            SELECT g.id, c.name, g.model, g.version, g.state, g.dimensions, g.index_kind, g.content_hash,
                   to_char(g.loaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                   to_char(g.activated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            FROM kindred.generations g JOIN kindred.catalogues c ON c.id = g.catalogue_id
            ORDER BY g.id DESC
            """)
        return try (0..<result.rowCount).map { row in
            Generation(
                id: Int(try result.int32(row, 0)), catalogue: try result.text(row, 1), model: try result.text(row, 2),
                version: try result.text(row, 3), state: try result.text(row, 4),
                dimensions: Int(try result.int32(row, 5)), index: try result.text(row, 6),
                contentHash: try result.text(row, 7), loadedAt: try result.text(row, 8),
                activatedAt: try result.textIfPresent(row, 9))
        }
    }
}
