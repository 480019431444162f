import HTTPTypes
import Hummingbird

/// The checked parameters of one request. What is not known, not a number or out of range is a ``Problem`` that
/// names the field.
struct RequestParameters {
    private static let deadlineHeader = HTTPField.Name("X-Deadline-Ms")!

    private let request: Request
    private let values: [String: ParameterValue]

    /// - Parameter known: the query parameters of the route; any other is refused.
    init(_ request: Request, known: [String]) throws {
        var values: [String: ParameterValue] = [:]
        if request.uri.query?.isEmpty == false {
            for (name, value) in request.uri.queryParameters {
                let name = String(name)
                guard known.contains(name) else { throw Problem.unknownParameter(name, known: known) }
                guard values.updateValue(.text(String(value)), forKey: name) == nil else {
                    throw Problem.invalidParameter(name, "'\(name)' is given more than once")
                }
            }
        }
        self.init(request, values: values)
    }

    /// - Parameter values: of the request's body; all of them are known.
    init(_ request: Request, values: [String: ParameterValue]) {
        self.values = values
        self.request = request
    }

    func has(_ name: String) -> Bool { values[name] != nil }

    func int(_ name: String, default standard: Int, in range: ClosedRange<Int>) throws -> Int {
        try int(name, in: range) ?? standard
    }

    /// Nil where the parameter is not given.
    func int(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        try values[name].map { try Self.int($0, name: name, in: range) }
    }

    func double(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
        guard let text = values[name] else { return nil }
        guard let value = text.double, range.contains(value) else {
            throw Problem.invalidParameter(
                name, "'\(name)' must be a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return value
    }

    /// Nil where the parameter is not given.
    ///
    /// - Parameter most: characters.
    func text(_ name: String, most: Int) throws -> String? {
        guard let value = values[name] else { return nil }
        guard let text = value.string, 1...most ~= text.unicodeScalars.count else {
            throw Problem.invalidParameter(name, "'\(name)' must have 1 to \(most) characters")
        }
        return text
    }

    /// Values with commas between them; nil where the parameter is not given.
    func list(_ name: String) throws -> [String]? {
        try parts(name).map { parts in
            try parts.map { part in
                guard let text = part.string, !text.isEmpty else { throw noList(name) }
                return text
            }
        }
    }

    private func parts(_ name: String) throws -> [ParameterValue]? {
        guard let value = values[name] else { return nil }
        guard let parts = value.list else { throw noList(name) }
        return parts
    }

    private func noList(_ name: String) -> Problem {
        switch values[name] {
        case .text(let text):
            .invalidParameter(name, "'\(name)' must be values with commas between them, not '\(text)'")
        case let value: .invalidParameter(name, "'\(name)' must be a list of texts, not '\(value?.description ?? "")'")
        }
    }

    func ids(_ name: String, most: Int) throws -> [Int32]? {
        guard let parts = try parts(name) else { return nil }
        guard parts.count <= most else {
            throw Problem.invalidParameter(name, "'\(name)' has \(parts.count) ids; \(most) are the most")
        }
        return try parts.map { Int32(try Self.int($0, name: name, in: 1...Int(Int32.max))) }
    }

    func bool(_ name: String, default standard: Bool) throws -> Bool {
        guard let text = values[name] else { return standard }
        guard let value = text.bool else {
            throw Problem.invalidParameter(name, "'\(name)' must be true or false, not '\(text)'")
        }
        return value
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, default standard: Choice) throws -> Choice
    where Choice.RawValue == String {
        guard let text = values[name] else { return standard }
        guard let value = text.string.flatMap({ Choice(rawValue: $0) }) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.invalidParameter(name, "'\(name)' must be one of \(choices), not '\(text)'")
        }
        return value
    }

    /// When memory answers in the database's place: the default, or sooner where the client asks for it.
    func deadline(defaultMilliseconds: Int) throws -> ContinuousClock.Instant {
        guard let text = request.headers[Self.deadlineHeader] else { return .now + .milliseconds(defaultMilliseconds) }
        let wanted = try Self.int(.text(text), name: "X-Deadline-Ms", in: 1...60_000)
        return .now + .milliseconds(min(wanted, defaultMilliseconds))
    }

    /// An id in the path.
    static func id(_ name: String, _ context: some RequestContext) throws -> Int32 {
        Int32(try int(.text(context.parameters.require(name)), name: name, in: 1...Int(Int32.max)))
    }

    private static func int(_ text: ParameterValue, name: String, in range: ClosedRange<Int>) throws -> Int {
        guard let value = text.int, range.contains(value) else {
            throw Problem.invalidParameter(
                name, "'\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return value
    }
}
