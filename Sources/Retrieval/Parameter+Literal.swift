import Postgres

extension Parameter {
    /// As SQL writes it.
    var literal: String {
        switch self {
        case .null: "NULL"
        case .bool(let value): "\(value)"
        case .int32(let value): "\(value)"
        case .int64(let value): "\(value)"
        case .double(let value): "'\(value)'"
        case .text(let value): "'\(value.replacing("'", with: "''"))'"
        case .int32Array(let values): "'{\(values.map(String.init).joined(separator: ","))}'"
        case .vector(let values): "'[\(values.map { "\($0)" }.joined(separator: ","))]'"
        case .bits(let bytes): "B'\(bytes.map(Self.binary).joined())'"
        }
    }

    private static func binary(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 2)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension Retriever.Question {
    /// The statement with its parameters written out, as one would type it.
    var sql: String {
        parameters.enumerated().reduce(statement.sql) { sql, parameter in
            sql.replacing("$\(parameter.offset + 1)", with: parameter.element.literal)
        }
    }
}
