/// A load test that cannot be run as asked.
package enum LoadPlanError: Error, Equatable, CustomStringConvertible {
    case invalid(String)

    package var description: String {
        switch self {
        case .invalid(let complaint): complaint
        }
    }
}
