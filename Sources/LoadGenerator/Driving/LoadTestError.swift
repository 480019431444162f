/// A load test that could not begin or go on.
package enum LoadTestError: Error, CustomStringConvertible {
    case unreachable(authority: String, reason: String)
    /// The service answers as one that does not know the request.
    case lacking(needs: String, request: String, status: Int)

    package var description: String {
        switch self {
        case .unreachable(let authority, let reason): "\(authority) cannot be reached: \(reason)"
        case .lacking(let needs, let request, let status):
            "the request '\(request)' needs \(needs), which this service does not have: it answers \(status)"
        }
    }
}
