import Histogram
import NIOCore

/// Counts what happens to the measured requests.
struct Recorder {
    private(set) var sent = 0
    private(set) var late = 0
    private(set) var ok = 0
    private(set) var wrong = 0
    private(set) var timedOut = 0
    private(set) var overflowed = 0
    private(set) var statuses: [String: Int] = [:]
    private(set) var transportErrors: [String: Int] = [:]
    private(set) var lastEnd: NIODeadline?

    /// Microseconds from the intended time to the last byte, of right answers; timed-out requests count with the age
    /// they had. A quick refusal would flatter the percentiles and is left out.
    private(set) var latencies = Histogram<UInt64>(highestTrackableValue: 3_600_000_000)

    /// Microseconds from the intended time to the moment the generator turned to the request: its own error.
    private(set) var pacing = Histogram<UInt64>(highestTrackableValue: 3_600_000_000)

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
        switch outcome {
        case .ok:
            ok += 1
            count(status: 200)
        case .wrong:
            wrong += 1
            count(status: 200)
        case .refused(let status):
            count(status: status)
        case .failed(let kind):
            transportErrors[kind, default: 0] += 1
        case .timedOut:
            timedOut += 1
        case .overflowed:
            overflowed += 1
        }
        switch outcome {
        case .ok, .timedOut: latencies.record(Self.microseconds(from: request.intended, to: now))
        case .wrong, .refused, .failed, .overflowed: break
        }
    }

    mutating func connectFailed(_ kind: String, isMeasured: Bool) {
        guard isMeasured else { return }
        transportErrors["connect: \(kind)", default: 0] += 1
    }

    private mutating func count(status: Int) {
        statuses["\(status / 100)xx", default: 0] += 1
    }

    private static func microseconds(from start: NIODeadline, to end: NIODeadline) -> UInt64 {
        UInt64(max((end - start).nanoseconds, 0)) / 1_000
    }
}
