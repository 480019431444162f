import NIOCore
import NIOPosix

/// What a load test brings home.
package struct LoadOutcome: Sendable {
    package let report: LoadReport
    let bodies: [Int: ByteBuffer]
}

/// Runs load tests.
package enum LoadTest {
    /// Runs the plan on a thread of its own; returns when every request has been answered or given up.
    ///
    /// - Throws: `LoadTestError` when a connection cannot be opened at the beginning, or when the service cannot do
    ///   what a request needs.
    package static func run(_ plan: LoadPlan) async throws -> LoadReport {
        try await outcome(plan, keepsBodies: false).report
    }

    /// The same, with the last right answer to each id.
    static func outcome(_ plan: LoadPlan, keepsBodies: Bool) async throws -> LoadOutcome {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let done = loop.makePromise(of: LoadOutcome.self)
        loop.execute {
            LoadDriver(plan, keepsBodies: keepsBodies, loop: loop.assumeIsolated(), done: done).start()
        }
        let result: Result<LoadOutcome, any Error>
        do {
            result = .success(try await done.futureResult.get())
        } catch {
            result = .failure(error)
        }
        try await group.shutdownGracefully()
        return try result.get()
    }
}
