import Dispatch
import Synchronization

/// How long each stage took. Every stage is shown when it ends, with the peak memory so far; on a terminal the stage
/// under way has a live line as well.
final class Timings: Sendable {
    private struct State {
        var durations: [String: Duration] = [:]
        var running: String?
        var since = ContinuousClock.now
    }

    /// In the order in which they run; a stage may be left out.
    private let stages: [String]
    private let state: Mutex<State>
    /// Its own queue: training keeps the threads of Swift's pool busy.
    private let ticker = DispatchQueue(label: "kindred-train.progress")

    /// - Parameter stages: those to announce while they run; whoever names some calls `finish` in the end.
    init(stages: [String] = []) {
        self.stages = stages
        state = Mutex(State(running: stages.first))
        if Console.isTerminal, !stages.isEmpty { tick() }
    }

    func add(_ stage: String, _ duration: Duration) {
        state.withLock { state in
            state.durations[stage, default: .zero] += duration
            state.running = stages.firstIndex(of: stage).flatMap { $0 + 1 < stages.count ? stages[$0 + 1] : nil }
            state.since = .now
        }
        Console.note(Timings.line(stage, duration) + "  peak \(PeakMemory.text)")
    }

    func measure<Result>(_ stage: String, _ body: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        let result = try body()
        add(stage, ContinuousClock.now - start)
        return result
    }

    /// Takes the live line away.
    func finish() {
        state.withLock { state in
            state.running = nil
            Console.show(live: "")
        }
    }

    var seconds: [String: Double] {
        state.withLock { state in state.durations.mapValues { $0 / .seconds(1) } }
    }

    /// Ten times a second until `finish` or the end of this object.
    private func tick() {
        ticker.asyncAfter(deadline: .now() + .milliseconds(100)) { [weak self] in
            guard let self else { return }
            // Shown under the lock: a line must not come back after `finish` has taken it away.
            let goesOn = state.withLock { state in
                guard let running = state.running else { return false }
                let line = Timings.line(running, ContinuousClock.now - state.since)
                Console.show(live: "\(line)  peak \(PeakMemory.text) …")
                return true
            }
            if goesOn { tick() }
        }
    }

    private static func line(_ stage: String, _ duration: Duration) -> String {
        let padding = String(repeating: " ", count: max(0, 16 - stage.count))
        return "  \(stage)\(padding)\(Console.seconds(duration))"
    }
}
