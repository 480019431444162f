import NIOCore
import NIOPosix

/// Runs load tests.
package enum LoadTest {
    /// Runs the plan on a thread of its own; returns when every request has been answered or given up.
    ///
    /// - Throws: `LoadTestError` when a connection cannot be opened at the beginning.
    package static func run(_ plan: LoadPlan) async throws -> LoadReport {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let done = loop.makePromise(of: LoadReport.self)
        loop.execute {
            LoadDriver(plan, loop: loop.assumeIsolated(), done: done).start()
        }
        let result: Result<LoadReport, any Error>
        do {
            result = .success(try await done.futureResult.get())
        } catch {
            result = .failure(error)
        }
        try await group.shutdownGracefully()
        return try result.get()
    }
}
