import Foundation
import Postgres
import TestSupport
import Testing

@Suite struct ConnectionTests {
    private func connect() async throws -> Connection { try await TestServer.connect(try TestServer.url()) }

    @Test("binary parameters and results keep every value")
    func roundTrip() async throws {
        let connection = try await connect()
        let result = try await connection.query(
            """
            SELECT $1::integer, $2::bigint, $3::float8, $4::text, $5::boolean, $6::integer[], $7::text, $8::integer[],
                   ARRAY['ä', '']::text[]
            """,
            [
                .int32(.min), .int64(.max), .double(-0.1), .text("naïve 🎬"), .bool(true), .int32Array([3, -1, 2]),
                .text(""), .int32Array([]),
            ])
        #expect(try result.int32(0, 0) == .min)
        #expect(try result.int64(0, 1) == .max)
        #expect(try result.double(0, 2) == -0.1)
        #expect(try result.text(0, 3) == "naïve 🎬")
        #expect(try result.bool(0, 4))
        #expect(try result.int32Array(0, 5) == [3, -1, 2])
        #expect(try result.textIfPresent(0, 6) == "")
        #expect(try result.int32Array(0, 7) == [])
        #expect(try result.textArray(0, 8) == ["ä", ""])
    }

    @Test("NULL is nil, and an error where a value was asked for")
    func null() async throws {
        let result = try await connect().query("SELECT $1::text AS title", [.null])
        #expect(try result.textIfPresent(0, 0) == nil)
        #expect { try result.text(0, 0) } throws: { error in
            let error = error as? PostgresError
            return error?.code == .decoding && error?.message.contains("title") == true
        }
    }

    @Test("a column of another type is refused by name")
    func wrongType() async throws {
        let result = try await connect().query("SELECT 1::bigint AS many")
        #expect { try result.int32(0, 0) } throws: { ($0 as? PostgresError)?.message.contains("'many'") == true }
        #expect(throws: PostgresError.self) { try result.int64(1, 0) }
    }

    @Test("a server error carries its SQLSTATE and leaves the connection usable")
    func serverError() async throws {
        let connection = try await connect()
        await #expect { try await connection.query("SELECT 1/0") } throws: { error in
            let error = error as? PostgresError
            return error?.code == .server && error?.sqlState == "22012"
        }
        #expect(connection.isIdle)
        #expect(try await connection.query("SELECT 7::integer").int32(0, 0) == 7)
    }

    @Test("settings sent with a statement hold for it and no longer")
    func localSettings() async throws {
        let connection = try await connect()
        let read = Statement("read_setting", "SELECT current_setting('work_mem'), $1::integer")
        let before = try await connection.query(read, [.int32(1)]).text(0, 0)
        for value in Int32(2)..<5 {
            let with = try await connection.query(read, [.int32(value)], settings: [Setting("work_mem", "7MB")])
            #expect(try with.text(0, 0) == "7MB" && with.int32(0, 1) == value)
            #expect(connection.isIdle)
            #expect(try await connection.query(read, [.int32(value)]).text(0, 0) == before)
        }
    }

    @Test("a session's setting lasts, is sent where it differs, and is sent again after an error took it back")
    func sessionSettings() async throws {
        let connection = try await connect()
        let read = Statement("read_setting", "SELECT current_setting('work_mem'), 10 / $1::integer")
        for value in ["7MB", "7MB", "8MB", "7MB"] {
            let row = try await connection.query(
                read, [.int32(1)], settings: [Setting("work_mem", value, scope: .session)])
            #expect(try row.text(0, 0) == value)
            #expect(try await connection.query(read, [.int32(1)]).text(0, 0) == value)
        }
        await #expect(throws: PostgresError.self) {
            try await connection.query(read, [.int32(0)], settings: [Setting("work_mem", "9MB", scope: .session)])
        }
        #expect(try await connection.query(read, [.int32(1)]).text(0, 0) == "7MB")
        let again = try await connection.query(
            read, [.int32(1)], settings: [Setting("work_mem", "9MB", scope: .session)])
        #expect(try again.text(0, 0) == "9MB")
    }

    @Test("a bad setting, or an error after a good one, is the statement's error and leaves nothing behind")
    func badSettings() async throws {
        let connection = try await connect()
        let divide = Statement("divide", "SELECT 10 / $1::integer")
        let cases: [(settings: [Setting], divisor: Int32, state: String)] = [
            ([Setting("work_mem", "much")], 1, "22023"),
            ([Setting("work_mem", "7MB"), Setting("nothing_like_it", "1")], 1, "42704"),
            ([Setting("work_mem", "7MB")], 0, "22012"),
        ]
        for (settings, divisor, state) in cases {
            await #expect {
                try await connection.query(divide, [.int32(divisor)], settings: settings)
            } throws: { ($0 as? PostgresError)?.sqlState == state }
            #expect(connection.isIdle)
            #expect(try await connection.query("SELECT current_setting('work_mem')").text(0, 0) != "7MB")
            #expect(try await connection.query(divide, [.int32(5)]).int32(0, 0) == 2)
        }
    }

    @Test("a statement is prepared once and survives an error in its preparation")
    func preparation() async throws {
        let connection = try await connect()
        let broken = Statement("s", "SELECT nothing_like_this")
        for _ in 0..<2 { await #expect(throws: PostgresError.self) { try await connection.query(broken) } }
        let doubled = Statement("doubled", "SELECT $1::integer * 2")
        for value in Int32(0)..<8 {
            #expect(try await connection.query(doubled, [.int32(value)]).int32(0, 0) == value * 2)
        }
        let prepared = try await connection.query("SELECT count(*) FROM pg_prepared_statements WHERE name = 'doubled'")
        #expect(try prepared.int64(0, 0) == 1)
    }

    @Test("a NOTICE is kept until it is taken")
    func notices() async throws {
        let connection = try await connect()
        try await connection.execute(
            "DROP TABLE IF EXISTS pg_temp.nothing; DO $$ BEGIN RAISE WARNING 'careful'; END $$")
        let notices = connection.takeNotices()
        #expect(notices.map(\.severity) == ["NOTICE", "WARNING"])
        #expect(notices.last?.message == "careful")
        #expect(connection.takeNotices().isEmpty)
    }

    @Test("a missing server is a connection error, within the deadline")
    func noServer() async throws {
        // Port 1 on loopback has no listener.
        let configuration = ConnectionConfiguration(url: "postgresql://nobody@127.0.0.1:1/none")
        await #expect { try await Connection.connect(configuration, deadline: .now + .seconds(5)) } throws: {
            ($0 as? PostgresError)?.code == .connection
        }
    }

    @Test("a malformed URL is an error, not a crash")
    func badURL() async {
        await #expect { try await Connection.connect(.init(url: "postgresql://[::1/x?nonsense=1")) } throws: {
            ($0 as? PostgresError)?.code == .connection
        }
    }

    @Test("binary COPY writes every row and every type")
    func copy() async throws {
        let connection = try await connect()
        try await connection.execute(
            "CREATE TEMPORARY TABLE t (i integer, f real, s text, d date, ts timestamptz, tags text[], j jsonb)")
        let count = 50_000
        let copied = try await connection.copyIn("COPY t FROM STDIN (FORMAT binary)") { copy in
            for row in 0..<count {
                try await copy.row(columns: 7) { writer in
                    writer.int32(Int32(row))
                    writer.float(Float(row) / 2)
                    if row % 2 == 0 { writer.text("row \(row)") } else { writer.null() }
                    writer.date(daysSince2000: -1826)
                    writer.timestamp(secondsSince1970: 881_250_949)
                    writer.textArray(row % 3 == 0 ? [] : ["Sci-Fi", "Film-Noir"])
                    writer.jsonb(#"{"row": 1}"#)
                }
            }
        }
        #expect(copied == count)
        let result = try await connection.query(
            """
            SELECT count(*), count(s), min(d)::text, max(extract(epoch FROM ts))::float8, sum(f::float8),
                   count(*) FILTER (WHERE 'Sci-Fi' = ANY (tags)), sum((j ->> 'row')::integer)
            FROM t
            """)
        #expect(try result.int64(0, 0) == Int64(count))
        #expect(try result.int64(0, 1) == Int64(count / 2))
        #expect(try result.text(0, 2) == "1995-01-01")
        #expect(try result.double(0, 3) == 881_250_949)
        #expect(try result.double(0, 4) == Double(count) * Double(count - 1) / 4)
        #expect(try result.int64(0, 5) == Int64(count - (count + 2) / 3))
        #expect(try result.int64(0, 6) == Int64(count))
    }

    @Test("a COPY whose source fails leaves nothing and passes the error on")
    func abortedCopy() async throws {
        struct Stop: Error {}
        let connection = try await connect()
        try await connection.execute("CREATE TEMPORARY TABLE t (i integer)")
        await #expect(throws: Stop.self) {
            try await connection.copyIn("COPY t FROM STDIN (FORMAT binary)") { copy in
                for row in 0..<100_000 { try await copy.row(columns: 1) { $0.int32(Int32(row)) } }
                throw Stop()
            }
        }
        #expect(connection.isIdle)
        #expect(try await connection.query("SELECT count(*) FROM t").int64(0, 0) == 0)
    }

    @Test("the server's refusal of a COPY is the error reported")
    func refusedCopy() async throws {
        let connection = try await connect()
        try await connection.execute("CREATE TEMPORARY TABLE t (i integer PRIMARY KEY)")
        await #expect {
            try await connection.copyIn("COPY t FROM STDIN (FORMAT binary)") { copy in
                for _ in 0..<2 { try await copy.row(columns: 1) { $0.int32(1) } }
            }
        } throws: { ($0 as? PostgresError)?.sqlState == "23505" }
        #expect(connection.isIdle)
    }

    @Test("a transaction whose body throws is rolled back")
    func rollback() async throws {
        struct Stop: Error {}
        let connection = try await connect()
        try await connection.execute("CREATE TEMPORARY TABLE t (i integer)")
        await #expect(throws: Stop.self) {
            try await connection.transaction {
                try await connection.execute("INSERT INTO t VALUES (1)")
                throw Stop()
            }
        }
        #expect(try await connection.query("SELECT count(*) FROM t").int64(0, 0) == 0)
    }
}
