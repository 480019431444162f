import HTTPTypes
import Hummingbird

/// The checked parameters of one request. What is not known, not a number or out of range is a ``Problem`` that
/// names the field.
struct RequestParameters {
    private static let deadlineHeader = HTTPField.Name("X-Deadline-Ms")!
    /// Milliseconds.
    static let deadlineRange = 1...60_000

    private let request: Request
    private let values: [String: ParameterValue]

    /// - Parameter known: the query parameters of the route; any other is refused.
    init(_ request: Request, known: [any ParameterRule]) throws {
        var values: [String: ParameterValue] = [:]
        if request.uri.query?.isEmpty == false {
            for (name, value) in request.uri.queryParameters {
                let name = String(name)
                guard known.contains(where: { $0.name == name }) else {
                    throw Problem.unknownParameter(name, known: known.map(\.name))
                }
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

    func has(_ rule: any ParameterRule) -> Bool { values[rule.name] != nil }

    /// Like the other readings nil where the parameter is not given.
    func int(_ rule: WholeNumberRule) throws -> Int? {
        try values[rule.name].map { try Self.int($0, name: rule.name, in: rule.range) }
    }

    func double(_ rule: NumberRule) throws -> Double? {
        guard let text = values[rule.name] else { return nil }
        guard let value = text.double, rule.range.contains(value) else {
            throw Problem.invalidParameter(
                rule.name,
                "'\(rule.name)' must be a number from \(rule.range.lowerBound) to \(rule.range.upperBound), not '\(text)'"
            )
        }
        return value
    }

    func text(_ rule: TextRule) throws -> String? {
        guard let value = values[rule.name] else { return nil }
        guard let text = value.string, 1...rule.most ~= text.unicodeScalars.count else {
            throw Problem.invalidParameter(rule.name, "'\(rule.name)' must have 1 to \(rule.most) characters")
        }
        return text
    }

    /// Values with commas between them.
    func list(_ rule: TextListRule) throws -> [String]? {
        try parts(rule.name).map { parts in
            try parts.map { part in
                guard let text = part.string, !text.isEmpty else { throw noList(rule.name) }
                return text
            }
        }
    }

    func ids(_ rule: IDListRule) throws -> [Int32]? {
        guard let parts = try parts(rule.name) else { return nil }
        guard parts.count <= rule.most else {
            throw Problem.invalidParameter(
                rule.name, "'\(rule.name)' has \(parts.count) ids; \(rule.most) are the most")
        }
        return try parts.map { Int32(try Self.int($0, name: rule.name, in: 1...Int(Int32.max))) }
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

    func bool(_ rule: SwitchRule) throws -> Bool {
        guard let text = values[rule.name] else { return false }
        guard let value = text.bool else {
            throw Problem.invalidParameter(rule.name, "'\(rule.name)' must be true or false, not '\(text)'")
        }
        return value
    }

    func choice<Choice>(_ rule: ChoiceRule<Choice>) throws -> Choice? {
        guard let text = values[rule.name] else { return nil }
        guard let value = text.string.flatMap({ Choice(rawValue: $0) }) else {
            throw Problem.invalidParameter(
                rule.name, "'\(rule.name)' must be one of \(rule.choices.joined(separator: ", ")), not '\(text)'")
        }
        return value
    }

    /// When memory answers in the database's place: the default, or sooner where the client asks for it.
    func deadline(defaultMilliseconds: Int) throws -> ContinuousClock.Instant {
        guard let text = request.headers[Self.deadlineHeader] else { return .now + .milliseconds(defaultMilliseconds) }
        let wanted = try Self.int(.text(text), name: "X-Deadline-Ms", in: Self.deadlineRange)
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
