import Crypto
import Foundation
package import Postgres
package import Schema

/// Applies the numbered migrations, each in a transaction, one migrator at a time.
package struct Migrator {
    /// Serialises migrators of all programs on one database.
    private static let lock: Int64 = 0x6b69_6e64_7265_6401

    private let connection: Connection
    private let migrations: [Migration]
    private let report: (String) -> Void

    package init(
        _ connection: Connection, migrations: [Migration] = Migration.all, report: @escaping (String) -> Void = { _ in }
    ) {
        self.connection = connection
        self.migrations = migrations
        self.report = report
    }

    /// Brings the schema up to date; returns the numbers applied, none when it was.
    package func migrate() async throws -> [Int] {
        _ = try await connection.query("SELECT pg_advisory_lock($1)::text", [.int64(Self.lock)])
        do {
            let applied = try await migrateLocked()
            try await unlock()
            return applied
        } catch {
            try? await unlock()
            throw error
        }
    }

    /// Checks, without changing anything, that the schema is the one this program was built with: for what writes.
    package func verify() async throws {
        if let newer = try await verifyForReading() { throw LoadingError.schemaNewer(number: newer.applied) }
    }

    /// Checks, without changing anything, that this program can read the schema: migrations only add, so one that came
    /// after this program does not disturb what it reads.
    ///
    /// - Returns: how much newer the schema is; nil when it is not.
    package func verifyForReading() async throws -> NewerSchema? {
        guard try await tableExists() else { throw LoadingError.schemaMissing }
        let applied = try await appliedMigrations()
        guard applied.known.count == migrations.count else {
            throw LoadingError.schemaOlder(applied: applied.known.count, needed: migrations.count)
        }
        return applied.newest.map { NewerSchema(applied: $0, known: migrations.count) }
    }

    private func unlock() async throws {
        _ = try await connection.query("SELECT pg_advisory_unlock($1)::text", [.int64(Self.lock)])
    }

    private func migrateLocked() async throws -> [Int] {
        let requirements = try await ServerRequirements.check(on: connection)
        if let warning = requirements.warning { report(warning) }
        if !requirements.isVectorInstalled {
            report("installing the extension vector \(requirements.vectorVersion)")
            try await connection.execute("CREATE EXTENSION vector SCHEMA public")
        }
        // Loads the library, so that its settings (hnsw.…) are known to functions that name them.
        _ = try await connection.query("SELECT '[0]'::public.vector::text")
        if try await !tableExists() { try await createTable() }
        let applied = try await appliedMigrations()
        if let newest = applied.newest { throw LoadingError.schemaNewer(number: newest) }
        var fresh: [Int] = []
        for migration in migrations where !applied.known.contains(migration.number) {
            report("applying migration \(migration.number) (\(migration.name))")
            try await apply(migration)
            fresh.append(migration.number)
        }
        return fresh
    }

    private func tableExists() async throws -> Bool {
        try await connection.query("SELECT to_regclass('kindred.schema_migrations') IS NOT NULL").bool(0, 0)
    }

    private func createTable() async throws {
        try await connection.transaction {
            if try await connection.query("SELECT to_regnamespace('kindred') IS NULL").bool(0, 0) {
                try await connection.execute(
                    """
                    CREATE SCHEMA kindred;
                    COMMENT ON SCHEMA kindred IS 'Vector search: catalogues, generations of vectors, and what analysts query.'
                    """)
            }
            try await connection.execute(
                """
                CREATE TABLE kindred.schema_migrations (
                    number     integer PRIMARY KEY,
                    name       text NOT NULL,
                    sha256     text NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
                );
                COMMENT ON TABLE kindred.schema_migrations IS 'Migrations applied to this schema.';
                COMMENT ON COLUMN kindred.schema_migrations.number IS 'Number of the file in sql/.';
                COMMENT ON COLUMN kindred.schema_migrations.name IS 'Name of the file in sql/.';
                COMMENT ON COLUMN kindred.schema_migrations.sha256 IS 'Checksum of the text that was applied.';
                COMMENT ON COLUMN kindred.schema_migrations.applied_at IS 'When it was applied.'
                """)
        }
    }

    /// The recorded migrations that this program knows, and the newest that it does not.
    ///
    /// - Throws: ``LoadingError/migrationEdited(number:name:)`` when one that it knows had another text.
    private func appliedMigrations() async throws -> (known: Set<Int>, newest: Int?) {
        let result = try await connection.query(
            "SELECT number, sha256 FROM kindred.schema_migrations ORDER BY number")
        var known: Set<Int> = []
        var newest: Int?
        for row in 0..<result.rowCount {
            let number = Int(try result.int32(row, 0))
            guard let migration = migrations.first(where: { $0.number == number }) else {
                newest = number
                continue
            }
            guard try result.text(row, 1) == Self.checksum(migration) else {
                throw LoadingError.migrationEdited(number: number, name: migration.name)
            }
            known.insert(number)
        }
        return (known, newest)
    }

    private func apply(_ migration: Migration) async throws {
        try await connection.transaction {
            try await connection.execute(migration.sql)
            _ = try await connection.query(
                "INSERT INTO kindred.schema_migrations (number, name, sha256) VALUES ($1, $2, $3)",
                [.int32(Int32(migration.number)), .text(migration.name), .text(Self.checksum(migration))])
        }
        for notice in connection.takeNotices() { report("\(notice)") }
    }

    private static func checksum(_ migration: Migration) -> String {
        SHA256.hash(data: Data(migration.sql.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
