import Foundation

/// A body of `POST /v1/events`: one event, or `{"events": […]}`.
struct EventList: Decodable {
    let events: [SentEvent]
    let isList: Bool

    /// - Throws: ``Problem`` that names the field.
    init(json: Data) throws {
        do {
            self = try JSONDecoder().decode(EventList.self, from: json)
        } catch let error as DecodingError {
            throw error.problem
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldName.self)
        isList = container.contains("events")
        guard isList else {
            events = [try SentEvent(from: decoder)]
            return
        }
        if let unknown = container.allKeys.first(where: { $0.stringValue != "events" }) {
            throw Problem.unknownParameter(unknown.stringValue, known: ["events"])
        }
        events = try container.decode([SentEvent].self, forKey: "events")
        guard !events.isEmpty else { throw Problem.invalidParameter("events", "'events' has no event") }
    }
}

/// Any key of a JSON object, so that an unknown one is seen.
struct FieldName: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringLiteral value: String) { stringValue = value }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer<FieldName> {
    func value<Value: Decodable>(_ key: FieldName) throws -> Value {
        try naming(key) { try decode(Value.self, forKey: key) }
    }

    /// Nil where the field is missing or null.
    func valueIfPresent<Value: Decodable>(_ key: FieldName) throws -> Value? {
        try naming(key) { try decodeIfPresent(Value.self, forKey: key) }
    }

    /// Names the field of a number that does not fit its type: `JSONDecoder` throws an error of its own for it, which it
    /// turns into one without a place.
    private func naming<Value>(_ key: FieldName, _ decode: () throws -> Value) throws -> Value {
        do {
            return try decode()
        } catch let error where !(error is DecodingError || error is Problem) {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "\(error)")
        }
    }
}

extension [any CodingKey] {
    /// As people write it: `events[3].value`.
    var fieldPath: String {
        reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }
}

extension DecodingError {
    fileprivate var problem: Problem {
        switch self {
        case .keyNotFound(let key, let context):
            let field = (context.codingPath + [key]).fieldPath
            return .invalidParameter(field, "'\(field)' is missing")
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            return Self.problem(context, "must be \(Self.name(type))")
        case .dataCorrupted(let context):
            return Self.problem(context, context.codingPath.isEmpty ? "is not JSON" : "is out of range")
        @unknown default:
            return .invalidParameter("body", "the body is not what was expected")
        }
    }

    private static func problem(_ context: Context, _ reason: String) -> Problem {
        let field = context.codingPath.isEmpty ? "body" : context.codingPath.fieldPath
        return .invalidParameter(field, "'\(field)' \(reason)")
    }

    private static func name(_ type: Any.Type) -> String {
        switch type {
        case is String.Type: "text"
        case is Int32.Type: "a whole number from 1 to \(Int32.max)"
        case is Double.Type: "a number"
        case is [Any].Type: "a list"
        default: "an object"
        }
    }
}
