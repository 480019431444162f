/// A parameter's value: of a query, where everything is text, or of a JSON body, where types are meant.
enum ParameterValue: Decodable, CustomStringConvertible {
    /// Of a query: whatever it can be read as.
    case text(String)
    case string(String)
    case number(Double)
    case bool(Bool)
    case list([ParameterValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let string = try? container.decode(String.self) {
            self = .string(string)
        } else {
            self = .list(try container.decode([ParameterValue].self))
        }
    }

    var int: Int? {
        switch self {
        case .text(let text): Int(text)
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    var double: Double? {
        switch self {
        case .text(let text): Double(text)
        case .number(let number): number
        default: nil
        }
    }

    var bool: Bool? {
        switch self {
        case .text(let text): Bool(text)
        case .bool(let bool): bool
        default: nil
        }
    }

    var string: String? {
        switch self {
        case .text(let text), .string(let text): text
        default: nil
        }
    }

    /// Those of a query have commas between them.
    var list: [ParameterValue]? {
        switch self {
        case .text(let text): text.split(separator: ",", omittingEmptySubsequences: false).map { .text(String($0)) }
        case .list(let values): values
        default: nil
        }
    }

    /// As the client wrote it, more or less.
    var description: String {
        switch self {
        case .text(let text), .string(let text): text
        case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
        case .bool(let bool): "\(bool)"
        case .list(let values): values.map(\.description).joined(separator: ",")
        }
    }
}
