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

extension KeyedDecodingContainer<FieldName> {
    /// - Throws: ``Problem`` for a field that is not among `known`.
    func refuseUnknown(_ known: [String]) throws {
        if let unknown = allKeys.first(where: { !known.contains($0.stringValue) }) {
            throw Problem.unknownParameter((codingPath + [unknown]).fieldPath, known: known)
        }
    }

    /// What a list's parameters are, by name; of the others only `fields` may be there.
    func listParameters(
        beside fields: [String], known: [any ParameterRule]
    ) throws -> [String: ParameterValue] {
        try refuseUnknown(fields + known.map(\.name))
        var values: [String: ParameterValue] = [:]
        for key in allKeys where !fields.contains(key.stringValue) {
            if let value: ParameterValue = try valueIfPresent(key) { values[key.stringValue] = value }
        }
        return values
    }
}
