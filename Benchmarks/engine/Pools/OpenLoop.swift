import Foundation

/// Searches that begin at times of their own, however slow the answers are.
struct OpenLoop {
    /// One search; times count from the beginning of the warm-up.
    private struct Outcome: Sendable {
        let due: Duration
        /// nil when the search was refused.
        let finished: Duration?
    }

    let vectors: [[Float]]
    /// Searches per second, as independent users would send them (Poisson).
    let rate: Double
    let warmup: Duration
    let duration: Duration
    let seed: UInt64

    /// - Throws: the first error of a search that is not a refusal.
    func run(_ client: any SearchClient) async throws -> PoolMeasurement {
        let arrivals = arrivals()
        let (due, continuation) = AsyncStream<Int>.makeStream()
        let start = ContinuousClock.now
        // A thread, because the tasks' own threads are busy with the searches.
        Thread {
            for (index, time) in arrivals.enumerated() {
                let wait = start + time - .now
                if wait > .zero { Thread.sleep(forTimeInterval: wait / .seconds(1)) }
                continuation.yield(index)
            }
            continuation.finish()
        }.start()
        let outcomes = try await withThrowingTaskGroup { group in
            for await index in due {
                group.addTask {
                    do {
                        _ = try await client.search(vectors[index % vectors.count])
                        return Outcome(due: arrivals[index], finished: ContinuousClock.now - start)
                    } catch is Refused {
                        return Outcome(due: arrivals[index], finished: nil)
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        return measurement(outcomes)
    }

    private func arrivals() -> [Duration] {
        var random = SplitMix64(seed: seed)
        var times: [Duration] = []
        var time = 0.0
        while true {
            time -= log(1 - Double.random(in: 0..<1, using: &random)) / rate
            guard time < (warmup + duration) / .seconds(1) else { return times }
            times.append(.seconds(time))
        }
    }

    private func measurement(_ outcomes: [Outcome]) -> PoolMeasurement {
        let end = warmup + duration
        let measured = outcomes.filter { $0.due >= warmup }
        let latencies = measured.compactMap { outcome in outcome.finished.map { ($0 - outcome.due) / .milliseconds(1) }
        }
        .sorted()
        let finished = outcomes.compactMap(\.finished).count { $0 >= warmup && $0 < end }
        return PoolMeasurement(
            throughput: Double(finished) / (duration / .seconds(1)),
            p50Ms: Self.percentile(50, of: latencies), p99Ms: Self.percentile(99, of: latencies),
            refusedShare: Double(measured.count - latencies.count) / Double(max(measured.count, 1)))
    }

    /// The nearest rank; infinite when nothing was served.
    private static func percentile(_ percent: Int, of sorted: [Double]) -> Double {
        sorted.isEmpty ? .infinity : sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
    }
}
