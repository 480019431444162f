import Synchronization

/// How long each stage took; every stage is shown when it ends.
final class Timings: Sendable {
    private let durations = Mutex<[String: Duration]>([:])

    func add(_ stage: String, _ duration: Duration) {
        durations.withLock { $0[stage, default: .zero] += duration }
        let padding = String(repeating: " ", count: max(0, 16 - stage.count))
        Console.note("  \(stage)\(padding)\(Console.seconds(duration))")
    }

    func measure<Result>(_ stage: String, _ body: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        let result = try body()
        add(stage, ContinuousClock.now - start)
        return result
    }

    var seconds: [String: Double] {
        durations.withLock { $0.mapValues { $0 / .seconds(1) } }
    }
}
