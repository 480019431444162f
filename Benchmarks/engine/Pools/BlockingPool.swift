import DequeModule
import Foundation

/// Threads that each own a connection and block in it, behind one queue under a lock and a condition.
///
/// `@unchecked Sendable` holds because every access to `jobs` and `isClosed` is under the lock of `condition`.
final class BlockingPool: SearchClient, @unchecked Sendable {
    private struct Job: Sendable {
        let vector: [Float]
        let answer: CheckedContinuation<[Int32], any Error>
    }

    let name = "blocking"
    private let limit: Int
    private let condition = NSCondition()
    private var jobs = Deque<Job>()
    private var isClosed = false

    /// - Throws: `PostgresError` when a connection cannot be opened.
    init(_ search: Search, connections: Int, queue: Int) throws {
        limit = queue
        for _ in 0..<connections {
            let connection = HandedOver(connection: try BlockingConnection(search))
            Thread { self.serve(connection.connection) }.start()
        }
    }

    /// Ends the threads once the jobs that wait are done.
    func close() {
        condition.withLock { isClosed = true }
        condition.broadcast()
    }

    func search(_ vector: [Float]) async throws -> [Int32] {
        try await withCheckedThrowingContinuation { answer in
            let isAccepted = condition.withLock {
                guard jobs.count < limit else { return false }
                jobs.append(Job(vector: vector, answer: answer))
                return true
            }
            if isAccepted { condition.signal() } else { answer.resume(throwing: Refused()) }
        }
    }

    private func serve(_ connection: BlockingConnection) {
        while let job = next() {
            job.answer.resume(with: Result { try connection.search(job.vector) })
        }
    }

    /// Waits for a job; nil when the pool is closed and none is left.
    private func next() -> Job? {
        condition.withLock {
            while jobs.isEmpty {
                if isClosed { return nil }
                condition.wait()
            }
            return jobs.popFirst()
        }
    }
}

/// A connection on its way to the one thread that uses it.
private struct HandedOver: @unchecked Sendable {
    let connection: BlockingConnection
}
