/// A scenario file that cannot be used.
package struct ScenarioError: Error, CustomStringConvertible {
    package let description: String

    init(file: String, reason: String) {
        description = "\(file): \(reason)"
    }

    init(file: String, decoding error: DecodingError) {
        let (context, path): (DecodingError.Context, [any CodingKey]) =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                (context, context.codingPath)
            case .keyNotFound(let key, let context):
                (context, context.codingPath + [key])
            @unknown default:
                (.init(codingPath: [], debugDescription: "\(error)"), [])
            }
        let steps = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
        let field = String(steps.joined().drop { $0 == "." })
        let reason = if case .keyNotFound = error { "the field is missing" } else { context.debugDescription }
        self.init(file: file, reason: (field.isEmpty ? "" : "\(field): ") + reason)
    }
}
