import Loading
import Postgres
import Schema
import TestSupport
import Testing

@Suite struct MigratorTests {
    @Test("migrating twice applies everything once")
    func twice() async throws {
        try await TestServer.withDatabase { url in
            let connection = try await TestServer.connect(url)
            #expect(try await Migrator(connection).migrate() == Migration.all.map(\.number))
            #expect(try await Migrator(connection).migrate() == [])
            try await Migrator(connection).verify()
        }
    }

    @Test("migrators that run at once apply everything once between them")
    func together() async throws {
        try await TestServer.withDatabase { url in
            let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
                for _ in 0..<4 {
                    group.addTask { try await Migrator(try await TestServer.connect(url)).migrate() }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == Migration.all.map(\.number))
        }
    }

    @Test("a shipped migration that was edited is refused, by migrating and by checking")
    func edited() async throws {
        try await TestServer.withDatabase { url in
            let connection = try await TestServer.connect(url)
            _ = try await Migrator(connection).migrate()
            try await connection.execute("UPDATE kindred.schema_migrations SET sha256 = 'other' WHERE number = 1")
            let refusal = LoadingError.migrationEdited(number: 1, name: "catalogue")
            await #expect(throws: refusal) { try await Migrator(connection).migrate() }
            await #expect(throws: refusal) { try await Migrator(connection).verify() }
            await #expect(throws: refusal) { try await Migrator(connection).verifyForReading() }
        }
    }

    @Test("a schema newer than the program is read, with a warning that names both, and written by nobody")
    func newer() async throws {
        let bundle = try TrainedBundle.small()
        try await TestServer.withDatabase { url in
            let connection = try await TestServer.connect(url)
            _ = try await Migrator(connection).migrate()
            #expect(try await Migrator(connection).verifyForReading() == nil)
            try await connection.execute(
                "INSERT INTO kindred.schema_migrations VALUES (9998, 'next', 'x'), (9999, 'future', 'x')")
            let newer = try #require(try await Migrator(connection).verifyForReading())
            #expect(newer.applied == 9999 && newer.known == Migration.all.count)
            #expect("\(newer)".contains("9999") && "\(newer)".contains("knows \(Migration.all.count)"))
            let refusal = LoadingError.schemaNewer(number: 9999)
            await #expect(throws: refusal) { try await Migrator(connection).migrate() }
            await #expect(throws: refusal) { try await Migrator(connection).verify() }
            await #expect(throws: refusal) {
                try await Loader(connection, configuration: .init(url: url)).load(bundle)
            }
        }
    }

    @Test("an empty database and an older schema are told apart, each with what to do")
    func unmigrated() async throws {
        try await TestServer.withDatabase { url in
            let connection = try await TestServer.connect(url)
            await #expect(throws: LoadingError.schemaMissing) { try await Migrator(connection).verify() }
            _ = try await Migrator(connection, migrations: Array(Migration.all.prefix(1))).migrate()
            await #expect(throws: LoadingError.schemaOlder(applied: 1, needed: Migration.all.count)) {
                try await Migrator(connection).verifyForReading()
            }
        }
    }

    @Test("everything an analyst can see has a comment")
    func comments() async throws {
        try await TestServer.withDatabase { url in
            let connection = try await TestServer.connect(url)
            _ = try await Migrator(connection).migrate()
            let result = try await connection.query(
                """
                SELECT c.relname::text || coalesce('.' || a.attname, '')
                FROM pg_class c
                LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE c.relnamespace = 'kindred'::regnamespace AND c.relkind IN ('r', 'v')
                  AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)
                UNION ALL
                SELECT p.proname::text FROM pg_proc p
                WHERE p.pronamespace = 'kindred'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL
                """)
            let bare = try (0..<result.rowCount).map { try result.text($0, 0) }
            #expect(bare.isEmpty, "without a comment: \(bare)")
        }
    }
}
