import Histogram
import NIOCore

/// Counts what happens to the measured requests.
struct Recorder {
    private(set) var sent = 0
    private(set) var late = 0
    private(set) var wrong = 0
    private(set) var degraded = 0
    private(set) var timedOut = 0
    private(set) var overflowed = 0
    private(set) var statuses: [String: Int] = [:]
    private(set) var transportErrors: [String: Int] = [:]
    private(set) var generations: [Int: Int] = [:]
    private(set) var lastEnd: NIODeadline?

    /// The measured time in equal parts, for the intervals.
    private(set) var rounds: [Tally]
    /// The measured time in finer parts, for the picture.
    private(set) var slots: [Tally]
    let roundLength: Int64
    let slotLength: Int64

    /// Microseconds from the intended time to the moment the generator turned to the request: its own error.
    private(set) var pacing = Histogram<UInt64>(highestTrackableValue: Tally.longest)

    init(_ shape: LoadShape) {
        let length = Int64(shape.duration * 1e9)
        // Two parts a second are enough to see a stall; a hundred are enough for a page.
        let slotCount = min(max(Int(shape.duration * 2), 10), 100)
        rounds = Array(repeating: Tally(digits: .three), count: shape.rounds)
        slots = Array(repeating: Tally(digits: .two), count: slotCount)
        roundLength = max(length / Int64(shape.rounds), 1)
        slotLength = max(length / Int64(slotCount), 1)
    }

    mutating func turned(to request: PendingRequest, at now: NIODeadline) {
        guard request.isMeasured else { return }
        pacing.record(Self.microseconds(from: request.intended, to: now))
    }

    mutating func sent(_ request: PendingRequest, at now: NIODeadline) {
        guard request.isMeasured else { return }
        sent += 1
        if now - request.intended > .milliseconds(1) { late += 1 }
    }

    mutating func ended(_ request: PendingRequest, _ outcome: Outcome, at now: NIODeadline) {
        guard request.isMeasured else { return }
        lastEnd = max(lastEnd ?? now, now)
        let age = Self.microseconds(from: request.intended, to: now)
        switch outcome {
        case .ok(let facts):
            count(status: 200)
            if facts.isDegraded { degraded += 1 }
            if let generation = facts.generation { generations[generation, default: 0] += 1 }
            tally(request) { $0.answered(after: age) }
            return
        case .timedOut:
            timedOut += 1
            tally(request) { $0.failed(after: age) }
            return
        case .wrong(let status):
            wrong += 1
            count(status: status)
        case .refused(let status):
            count(status: status)
        case .failed(let kind):
            transportErrors[kind, default: 0] += 1
        case .overflowed:
            overflowed += 1
        }
        tally(request) { $0.failed() }
    }

    mutating func connectFailed(_ kind: String, isMeasured: Bool) {
        guard isMeasured else { return }
        transportErrors["connect: \(kind)", default: 0] += 1
    }

    private mutating func tally(_ request: PendingRequest, _ change: (inout Tally) -> Void) {
        change(&rounds[min(Int(request.offset / roundLength), rounds.count - 1)])
        change(&slots[min(Int(request.offset / slotLength), slots.count - 1)])
    }

    private mutating func count(status: Int) {
        statuses[Self.classes[min(max(status / 100, 1), 5)], default: 0] += 1
    }

    private static let classes = ["", "1xx", "2xx", "3xx", "4xx", "5xx"]

    private static func microseconds(from start: NIODeadline, to end: NIODeadline) -> UInt64 {
        UInt64(max((end - start).nanoseconds, 0)) / 1_000
    }
}
