import HTTPTypes
import Hummingbird

/// The checked parameters of one request. What is not known, not a number or out of range is a ``Problem`` that
/// names the field.
struct RequestParameters {
    private static let deadlineHeader = HTTPField.Name("X-Deadline-Ms")!

    private let request: Request

    /// - Parameter known: the query parameters of the route; any other is refused.
    init(_ request: Request, known: [String]) throws {
        var seen: Set<Substring> = []
        for (name, _) in request.uri.queryParameters {
            guard known.contains(String(name)) else { throw Problem.unknownParameter(String(name), known: known) }
            guard seen.insert(name).inserted else {
                throw Problem.invalidParameter(String(name), "'\(name)' is given more than once")
            }
        }
        self.request = request
    }

    func int(_ name: String, default standard: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = request.uri.queryParameters[Substring(name)] else { return standard }
        return try Self.int(String(text), name: name, in: range)
    }

    /// When memory answers in the database's place: the default, or sooner where the client asks for it.
    func deadline(defaultMilliseconds: Int) throws -> ContinuousClock.Instant {
        guard let text = request.headers[Self.deadlineHeader] else { return .now + .milliseconds(defaultMilliseconds) }
        let wanted = try Self.int(text, name: "X-Deadline-Ms", in: 1...60_000)
        return .now + .milliseconds(min(wanted, defaultMilliseconds))
    }

    /// An id in the path.
    static func id(_ name: String, _ context: some RequestContext) throws -> Int32 {
        Int32(try int(context.parameters.require(name), name: name, in: 1...Int(Int32.max)))
    }

    private static func int(_ text: String, name: String, in range: ClosedRange<Int>) throws -> Int {
        guard let value = Int(text), range.contains(value) else {
            throw Problem.invalidParameter(
                name, "'\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return value
    }
}
