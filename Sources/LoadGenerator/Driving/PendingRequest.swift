import NIOCore

/// A request from its intended time to its end.
struct PendingRequest {
    let request: RequestSource.Request
    let intended: NIODeadline
    /// Nanoseconds from the beginning of the measured time to the intended time; negative during the warm-up.
    let offset: Int64

    var isMeasured: Bool { offset >= 0 }
}

/// How a request ended.
enum Outcome {
    case ok(AnswerFacts)
    /// A status of success, but not the answer that was asked for.
    case wrong(status: Int)
    case refused(status: Int)
    /// The connection failed while the answer was due.
    case failed(kind: String)
    case timedOut
    /// Too many requests were waiting already.
    case overflowed
}
