import Logging
import Synchronization
import TestSupport
import Testing

@testable import Postgres

@Suite struct PoolTests {
    /// Runs `body` with a pool that is kept open meanwhile.
    private func withPool<Result: Sendable>(
        size: Int = 2, maximumWaiters: Int = 8, url: String? = nil, _ body: (Pool) async throws -> Result
    ) async throws -> Result {
        let url = try url ?? TestServer.url()
        let pool = Pool(
            .init(
                connection: .init(url: url), size: size, maximumWaiters: maximumWaiters,
                longestRetryPause: .milliseconds(200)), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let running = Task { await pool.run() }
        defer { running.cancel() }
        return try await body(pool)
    }

    private func eventually(_ condition: () -> Bool) async -> Bool {
        for _ in 0..<500 {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test("many tasks share few connections and every answer is its own")
    func sharing() async throws {
        let double = Statement("double", "SELECT $1::integer * 2")
        try await withPool(size: 3, maximumWaiters: 500) { pool in
            try await withThrowingTaskGroup { group in
                for value in Int32(0)..<400 {
                    group.addTask {
                        let answer = try await pool.withConnection { connection in
                            try await connection.query(double, [.int32(value)]).int32(0, 0)
                        }
                        #expect(answer == value * 2)
                    }
                }
                try await group.waitForAll()
            }
            #expect(pool.status == .init(open: 3, idle: 3, waiting: 0, failure: nil))
        }
    }

    @Test("a statement past its deadline is cancelled on the server and its connection comes back")
    func deadline() async throws {
        try await withPool(size: 1) { pool in
            let start = ContinuousClock.now
            await #expect {
                try await pool.withConnection { connection in
                    try await connection.query("SELECT pg_sleep(301)", deadline: .now + .milliseconds(100))
                }
            } throws: { ($0 as? PostgresError)?.code == .deadline }
            // The one connection must be lent again long before the statement would have ended.
            let answer = try await pool.withConnection { try await $0.query("SELECT 5::integer").int32(0, 0) }
            #expect(answer == 5)
            #expect(ContinuousClock.now - start < .seconds(150))
            let sleeping = try await pool.withConnection {
                try await $0.query(
                    "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(301)' AND state = 'active'"
                )
                .int64(0, 0)
            }
            #expect(sleeping == 0)
        }
    }

    @Test("a statement with settings past its deadline is cancelled, and its connection comes back without them")
    func deadlineWithSettings() async throws {
        let sleep = Statement("sleep", "SELECT pg_sleep($1)")
        try await withPool(size: 1) { pool in
            let start = ContinuousClock.now
            await #expect {
                try await pool.withConnection { connection in
                    try await connection.query(
                        sleep, [.double(301)], settings: [Setting("work_mem", "7MB")],
                        deadline: .now + .milliseconds(100))
                }
            } throws: { ($0 as? PostgresError)?.code == .deadline }
            let setting = try await pool.withConnection {
                try await $0.query("SELECT current_setting('work_mem')").text(0, 0)
            }
            #expect(setting != "7MB")
            #expect(start.duration(to: .now) < .seconds(150))
        }
    }

    @Test("a cancelled task stops waiting at once, for the server as for a connection")
    func cancellation() async throws {
        try await withPool(size: 1) { pool in
            let busy = Task { try await pool.withConnection { try await $0.query("SELECT pg_sleep(60)") } }
            #expect(await eventually { pool.status.open == 1 && pool.status.idle == 0 })
            let queued = Task { try await pool.withConnection { try await $0.query("SELECT 1") } }
            #expect(await eventually { pool.status.waiting == 1 })
            queued.cancel()
            #expect(await code(of: queued) == .cancelled)
            busy.cancel()
            #expect(await code(of: busy) == .cancelled)
            #expect(await eventually { pool.status.idle == 1 })
        }
    }

    private func code<Success: Sendable>(of task: Task<Success, any Error>) async -> PostgresError.Code? {
        do {
            _ = try await task.value
            return nil
        } catch {
            return (error as? PostgresError)?.code
        }
    }

    @Test("a full queue refuses instead of growing")
    func fullQueue() async throws {
        try await withPool(size: 1, maximumWaiters: 1) { pool in
            let busy = Task { try await pool.withConnection { try await $0.query("SELECT pg_sleep(60)") } }
            #expect(await eventually { pool.status.open == 1 && pool.status.idle == 0 })
            let queued = Task { try await pool.withConnection { try await $0.query("SELECT 1") } }
            #expect(await eventually { pool.status.waiting == 1 })
            await #expect { try await pool.withConnection { _ in } } throws: {
                ($0 as? PostgresError)?.code == .poolExhausted
            }
            queued.cancel()
            busy.cancel()
        }
    }

    @Test("a waiter's deadline ends its wait for a connection")
    func queueDeadline() async throws {
        try await withPool(size: 1) { pool in
            let busy = Task { try await pool.withConnection { try await $0.query("SELECT pg_sleep(60)") } }
            #expect(await eventually { pool.status.open == 1 && pool.status.idle == 0 })
            await #expect { try await pool.withConnection(deadline: .now + .milliseconds(50)) { _ in } } throws: {
                ($0 as? PostgresError)?.code == .deadline
            }
            #expect(pool.status.waiting == 0)
            busy.cancel()
        }
    }

    @Test("connections the server ends are opened again")
    func reconnection() async throws {
        try await withPool(size: 1) { pool in
            var pids: Set<Int32> = []
            for _ in 0..<3 {
                let pid = try await pool.withConnection { try await $0.query("SELECT pg_backend_pid()").int32(0, 0) }
                pids.insert(pid)
                try await TestServer.administer("SELECT pg_terminate_backend(\(pid), 5000)")
                await #expect { try await pool.withConnection { try await $0.query("SELECT 1") } } throws: {
                    ($0 as? PostgresError)?.isUnavailable == true
                }
            }
            #expect(await eventually { pool.status == .init(open: 1, idle: 1, waiting: 0, failure: nil) })
            let fresh = try await pool.withConnection { try await $0.query("SELECT pg_backend_pid()").int32(0, 0) }
            #expect(!pids.contains(fresh))
        }
    }

    @Test("while no connection can be opened a lease is refused, first waiters included")
    func away() async throws {
        try await withPool(url: "postgresql://nobody@127.0.0.1:1/none") { pool in
            for _ in 0..<3 {
                await #expect { try await pool.withConnection { _ in } } throws: {
                    ($0 as? PostgresError)?.code == .connection
                }
            }
            #expect(pool.status.failure != nil)
        }
    }

    @Test("a connection left in a transaction is rolled back before it is lent again")
    func openTransaction() async throws {
        try await withPool(size: 1) { pool in
            try await pool.withConnection {
                try await $0.execute("BEGIN; CREATE TEMPORARY TABLE left_over (i integer)")
            }
            let exists = try await pool.withConnection {
                try await $0.query("SELECT to_regclass('pg_temp.left_over') IS NOT NULL").bool(0, 0)
            }
            #expect(!exists)
        }
    }
}
