/// A JSON Schema (2020-12), as OpenAPI 3.1 uses it.
struct Schema: Sendable, Equatable {
    private(set) var keywords: [String: JSONValue]

    private init(_ keywords: [String: JSONValue]) { self.keywords = keywords }

    var json: JSONValue { .object(keywords) }

    // MARK: What a value is

    static let anything = Schema([:])
    static let boolean = Schema(["type": "boolean"])
    static let number = Schema(["type": "number"])
    static let text = Schema(["type": "string"])
    /// An id of a movie or a user.
    static let id = integer(in: 1...Int(Int32.max))

    static func integer(in range: ClosedRange<Int>) -> Schema {
        Schema(["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)])
    }

    static func count(from least: Int = 0) -> Schema { Schema(["type": "integer", "minimum": .integer(least)]) }

    static func number(in range: ClosedRange<Double>) -> Schema {
        Schema(["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)])
    }

    static func text(from least: Int, to most: Int, pattern: String? = nil) -> Schema {
        var schema = Schema(["type": "string", "minLength": .integer(least), "maxLength": .integer(most)])
        schema.keywords["pattern"] = pattern.map(JSONValue.string)
        return schema
    }

    static func oneOf(_ values: [String]) -> Schema {
        Schema(["type": "string", "enum": .array(values.map(JSONValue.string))])
    }

    static func list(of element: Schema, from least: Int = 0, to most: Int? = nil) -> Schema {
        var schema = Schema(["type": "array", "items": element.json])
        if least > 0 { schema.keywords["minItems"] = .integer(least) }
        schema.keywords["maxItems"] = most.map(JSONValue.integer)
        return schema
    }

    /// Nothing but the named fields.
    static func object(_ required: [String: Schema], optional: [String: Schema] = [:]) -> Schema {
        let fields = required.merging(optional) { first, _ in first }
        return Schema([
            "type": "object", "properties": .object(fields.mapValues(\.json)),
            "required": .array(required.keys.sorted().map(JSONValue.string)), "additionalProperties": false,
        ])
    }

    /// Keys of any name.
    static func dictionary(of value: Schema) -> Schema {
        Schema(["type": "object", "additionalProperties": value.json])
    }

    static func any(of choices: [Schema]) -> Schema { Schema(["anyOf": .array(choices.map(\.json))]) }

    /// One that the document's components hold.
    static func named(_ name: String) -> Schema { Schema(["$ref": .string("#/components/schemas/\(name)")]) }

    // MARK: What is said of it

    func saying(_ words: String) -> Schema { with("description", .string(words)) }

    func standing(for value: JSONValue?) -> Schema { value.map { with("default", $0) } ?? self }

    func showing(_ example: JSONValue) -> Schema { with("examples", .array([example])) }

    /// Or null, which in a body is as good as no field.
    var orNull: Schema {
        if case .string(let type) = keywords["type"], keywords["enum"] == nil {
            return with("type", .array([.string(type), "null"]))
        }
        return Schema(["anyOf": [json, ["type": "null"]]])
    }

    /// An object with more fields that it must have.
    func adding(_ fields: [String: Schema]) -> Schema {
        guard case .object(let known) = keywords["properties"], case .array(let required) = keywords["required"] else {
            preconditionFailure("only an object has fields")
        }
        return with("properties", .object(known.merging(fields.mapValues(\.json)) { first, _ in first }))
            .with("required", .array(required + fields.keys.sorted().map(JSONValue.string)))
    }

    func with(_ keyword: String, _ value: JSONValue) -> Schema {
        var schema = self
        schema.keywords[keyword] = value
        return schema
    }
}
