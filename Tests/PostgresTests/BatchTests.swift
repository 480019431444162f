import Postgres
import TestSupport
import Testing

@Suite struct BatchTests {
    private struct Refusal: Error {}

    @Test("a result is handed over whole and in order, whatever its size", arguments: [0, 1, 4, 5, 6, 15])
    func order(rows: Int32) async throws {
        let connection = try await TestServer.connect(try TestServer.url())
        var found: [Int32] = []
        var sizes: [Int] = []
        try await connection.transaction {
            try await connection.batches(of: 5, sql: "SELECT n FROM generate_series(1, $1) n", [.int32(rows)]) {
                batch in
                sizes.append(batch.rowCount)
                for row in 0..<batch.rowCount { found.append(try batch.int32(row, 0)) }
            }
        }
        #expect(found == Array(1...max(rows, 1)).filter { $0 <= rows })
        #expect(!sizes.isEmpty && sizes.dropLast().allSatisfy { $0 == 5 })
        #expect(connection.isIdle)
    }

    @Test("two queries of one transaction are read one after the other")
    func repetition() async throws {
        let connection = try await TestServer.connect(try TestServer.url())
        var sum: Int32 = 0
        try await connection.transaction {
            for _ in 0..<2 {
                try await connection.batches(of: 2, sql: "VALUES (1), (2), (3)") { batch in
                    for row in 0..<batch.rowCount { sum += try batch.int32(row, 0) }
                }
            }
        }
        #expect(sum == 12)
    }

    @Test("a reader that fails ends the transaction, and the connection goes on")
    func failure() async throws {
        let connection = try await TestServer.connect(try TestServer.url())
        await #expect(throws: Refusal.self) {
            try await connection.transaction {
                try await connection.batches(of: 1, sql: "VALUES (1), (2)") { _ in throw Refusal() }
            }
        }
        #expect(connection.isIdle)
        #expect(try await connection.query("SELECT 7").int32(0, 0) == 7)
    }
}
