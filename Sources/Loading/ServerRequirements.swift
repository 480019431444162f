package import Postgres

/// What the design needs of a server: PostgreSQL ≥ 15 and pgvector ≥ 0.8 (iterative index scans) in `public`.
package struct ServerRequirements: Sendable, Equatable {
    /// `server_version_num`.
    package let serverVersion: Int
    package let vectorVersion: String
    package let isVectorInstalled: Bool

    /// Fixes that an accepted but early pgvector lacks; nil when there is nothing to say.
    package var warning: String? {
        guard let patch = Self.patch(vectorVersion), patch < 4 else { return nil }
        return "pgvector \(vectorVersion) lacks fixes of 0.8.1 to 0.8.4 (HNSW vacuum and parallel build): update it"
    }

    /// - Throws: ``LoadingError`` naming what is missing and what to do.
    package static func check(on connection: Connection) async throws -> ServerRequirements {
        guard connection.serverVersion >= 150_000 else {
            throw LoadingError.serverTooOld(version: connection.serverVersion)
        }
        let result = try await connection.query(
            """
            SELECT coalesce(e.extversion, a.default_version), e.extversion IS NOT NULL, n.nspname::text
            FROM pg_available_extensions a
            LEFT JOIN pg_extension e ON e.extname = a.name
            LEFT JOIN pg_namespace n ON n.oid = e.extnamespace
            WHERE a.name = 'vector'
            """)
        guard result.rowCount == 1 else { throw LoadingError.vectorMissing }
        let version = try result.text(0, 0)
        guard isAtLeast08(version) else { throw LoadingError.vectorTooOld(version: version) }
        if let schema = try result.textIfPresent(0, 2), schema != "public" {
            throw LoadingError.vectorInOtherSchema(schema)
        }
        return ServerRequirements(
            serverVersion: connection.serverVersion, vectorVersion: version,
            isVectorInstalled: try result.bool(0, 1))
    }

    static func isAtLeast08(_ version: String) -> Bool {
        let parts = version.split(separator: ".").compactMap { Int($0) }
        return parts.count >= 2 && (parts[0], parts[1]) >= (0, 8)
    }

    /// The patch number of 0.8.x.
    private static func patch(_ version: String) -> Int? {
        let parts = version.split(separator: ".").compactMap { Int($0) }
        return parts.count == 3 && parts[0] == 0 && parts[1] == 8 ? parts[2] : nil
    }
}
