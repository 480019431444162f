/// A load test that could not begin.
package enum LoadTestError: Error, CustomStringConvertible {
    case unreachable(authority: String, reason: String)

    package var description: String {
        switch self {
        case .unreachable(let authority, let reason): "\(authority) cannot be reached: \(reason)"
        }
    }
}
