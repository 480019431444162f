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
                    try await connection.query("SELECT pg_sleep(3601)", deadline: .now + .milliseconds(100))
                }
            } throws: { ($0 as? PostgresError)?.code == .deadline }
            // The one connection must be lent again long before the statement would have ended.
            let answer = try await pool.withConnection { try await $0.query("SELECT 5::integer").int32(0, 0) }
            #expect(answer == 5)
            #expect(ContinuousClock.now - start < .seconds(1_800))
            let sleeping = try await pool.withConnection {
                try await $0.query(
                    "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3601)' AND state = 'active'"
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
                        sleep, [.double(3601)], settings: [Setting("work_mem", "7MB")],
                        deadline: .now + .milliseconds(100))
                }
            } throws: { ($0 as? PostgresError)?.code == .deadline }
            let setting = try await pool.withConnection {
                try await $0.query("SELECT current_setting('work_mem')").text(0, 0)
            }
            #expect(setting != "7MB")
            #expect(start.duration(to: .now) < .seconds(1_800))
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

    @Test("statements and leases, some of them given up, share the connections; every answer is its own")
    func mixture() async throws {
        let double = Statement("double", "SELECT $1::integer * 2")
        let slow = Statement("slow", "SELECT $1::integer * 2, pg_sleep(0.02)")
        try await withPool(size: 3, maximumWaiters: 2_000) { pool in
            await withTaskGroup { group in
                for value in Int32(0)..<1_500 {
                    group.addTask {
                        do {
                            switch value % 8 {
                            case 0:
                                let answer = try await pool.withConnection {
                                    try await $0.query(double, [.int32(value)]).int32(0, 0)
                                }
                                #expect(answer == value * 2)
                            case 1:
                                let patience = Duration.milliseconds(Int.random(in: 0...4_000))
                                let (answer, _) = try await pool.query(
                                    slow, [.int32(value)], deadline: .now + patience)
                                let found = try answer.int32(0, 0)
                                #expect(found == value * 2)
                            case 2:
                                let task = Task { try await pool.query(slow, [.int32(value)]).result.int32(0, 0) }
                                try await Task.sleep(for: .milliseconds(Int.random(in: 0...4_000)))
                                task.cancel()
                                let found = try await task.value
                                #expect(found == value * 2)
                            default:
                                let (answer, _) = try await pool.query(double, [.int32(value)])
                                let found = try answer.int32(0, 0)
                                #expect(found == value * 2)
                            }
                        } catch let error as PostgresError {
                            // Given up, or refused because every connection was being mended at that moment.
                            #expect([.deadline, .cancelled, .connection].contains(error.code), "\(error)")
                        } catch {
                            Issue.record("\(error)")
                        }
                    }
                }
                await group.waitForAll()
            }
            #expect(await eventually { pool.status == .init(open: 3, idle: 3, waiting: 0, failure: nil) })
        }
    }

    @Test("the cancel request of a statement given up as it ended does not hit the next one")
    func lateCancellation() async throws {
        let sleep = Statement("sleep", "SELECT pg_sleep($1::double precision), 1")
        try await withPool(size: 1) { pool in
            for _ in 0..<200 {
                let patience = Duration.microseconds(Int.random(in: 2_000...4_000))
                do {
                    _ = try await pool.query(sleep, [.double(0.002)], deadline: .now + patience)
                } catch let error as PostgresError where error.code == .deadline {}
                #expect(await eventually { pool.status.idle == 1 })
                let (answer, _) = try await pool.query(sleep, [.double(0.004)])
                #expect(try answer.int32(0, 1) == 1)
            }
        }
    }

    @Test("a statement that fails leaves its connection to the next")
    func failingStatement() async throws {
        let divide = Statement("divide", "SELECT 10 / $1::integer")
        try await withPool(size: 1) { pool in
            for divisor in [Int32(5), 0, 2, 0, 0, 1] {
                if divisor == 0 {
                    await #expect { try await pool.query(divide, [.int32(divisor)]) } throws: {
                        ($0 as? PostgresError)?.sqlState == "22012"
                    }
                } else {
                    let found = try await pool.query(divide, [.int32(divisor)]).result.int32(0, 0)
                    #expect(found == 10 / divisor)
                }
            }
        }
    }

    @Test("a server that does not answer makes nobody else wait; once it answers, it is asked again")
    func hanging() async throws {
        let sleep = Statement("sleep", "SELECT pg_sleep($1)")
        try await withPool(size: 1) { pool in
            // Prepared, so that the statement is sent without a lease.
            _ = try await pool.query(sleep, [.double(0)])
            let start = ContinuousClock.now
            let late = Task { try await pool.query(sleep, [.double(3601)], deadline: .now + .seconds(1)) }
            #expect(await eventually { pool.status.idle == 0 })
            let queued = Task { try await pool.query(sleep, [.double(0)]) }
            #expect(await eventually { pool.status.waiting == 1 })
            await #expect { try await late.value } throws: { ($0 as? PostgresError)?.code == .deadline }
            await #expect { try await queued.value } throws: { ($0 as? PostgresError)?.code == .connection }
            #expect(await eventually { pool.status == .init(open: 1, idle: 1, waiting: 0, failure: nil) })
            _ = try await pool.query(sleep, [.double(0)])
            #expect(start.duration(to: .now) < .seconds(1_800))
        }
    }

    @Test("a setting of the session is in force for each statement that names it")
    func sessionSettings() async throws {
        let show = Statement("show", "SELECT current_setting('work_mem'), $1::integer")
        try await withPool(size: 2, maximumWaiters: 200) { pool in
            try await withThrowingTaskGroup { group in
                for value in Int32(0)..<150 {
                    group.addTask {
                        let size = ["5MB", "6MB", "7MB"][Int(value) / 10 % 3]
                        let (answer, _) = try await pool.query(
                            show, [.int32(value)], settings: [Setting("work_mem", size, scope: .session)])
                        let found = (try answer.text(0, 0), try answer.int32(0, 1))
                        #expect(found == (size, value))
                    }
                }
                try await group.waitForAll()
            }
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

    @Test("each open connection is visited once, while requests go on")
    func eachConnection() async throws {
        try await withPool(size: 3, maximumWaiters: 500) { pool in
            #expect(await eventually { pool.status.open == 3 })
            let pid = { @Sendable (connection: Connection) in
                try await connection.query("SELECT pg_backend_pid()").int32(0, 0)
            }
            let requests = Task {
                while !Task.isCancelled { _ = try await pool.withConnection { try await pid($0) } }
            }
            for _ in 0..<20 {
                let visited = Mutex<[Int32]>([])
                let count = try await pool.withEachConnection(until: .now + .seconds(60)) { connection in
                    let number = try await pid(connection)
                    visited.withLock { $0.append(number) }
                }
                #expect(count == 3 && Set(visited.withLock(\.self)).count == 3)
            }
            requests.cancel()
            _ = try? await requests.value
        }
    }

    @Test("a connection that is in use for long is left out of a visit, and holds up nobody")
    func busyConnection() async throws {
        try await withPool(size: 2) { pool in
            #expect(await eventually { pool.status.open == 2 })
            let isBusy = Mutex(true)
            let request = Task {
                try await pool.withConnection { _ in
                    while isBusy.withLock(\.self) { try await Task.sleep(for: .milliseconds(5)) }
                }
            }
            #expect(await eventually { pool.status.idle == 1 })
            let count = try await pool.withEachConnection(until: .now + .milliseconds(500)) { _ in }
            #expect(count == 1)
            #expect(pool.status.idle == 1)
            isBusy.withLock { $0 = false }
            try await request.value
        }
    }

    @Test("a statement whose preparation was left at its deadline runs on the same connection later")
    func abandonedPreparation() async throws {
        try await withPool(size: 1) { pool in
            #expect(await eventually { pool.status.open == 1 })
            for number in Int32(0)..<20 {
                let statement = Statement("number_\(number)", "SELECT \(number)::integer")
                // A server that is quicker than this process leaves nothing behind; not all of twenty are.
                _ = try? await pool.withConnection { try await $0.query(statement, deadline: .now) }
                // It is away while it is mended.
                #expect(await eventually { pool.status.idle == 1 })
                let answer = try await pool.withConnection { try await $0.query(statement).int32(0, 0) }
                #expect(answer == number)
            }
        }
    }
}
