extension DecodingError {
    /// What the client did wrong, with the field's path.
    var problem: Problem {
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
