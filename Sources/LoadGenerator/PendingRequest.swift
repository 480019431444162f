import NIOCore

/// A request from its intended time to its end.
struct PendingRequest {
    let id: Int
    let intended: NIODeadline
    /// False during the warm-up.
    let isMeasured: Bool
}

/// How a request ended.
enum Outcome {
    case ok
    /// Status 200, but not the answer that was asked for.
    case wrong
    case refused(status: Int)
    /// The connection failed while the answer was due.
    case failed(kind: String)
    case timedOut
    /// Too many requests were waiting already.
    case overflowed
}
