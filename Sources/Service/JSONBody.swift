import Foundation
import NIOCore

/// JSON as the service sends it: keys in a fixed order, slashes as they are.
enum JSONBody {
    static func encode(_ value: some Encodable) throws -> ByteBuffer {
        ByteBuffer(bytes: try bytes(of: value))
    }

    /// - Throws: ``Problem`` that names the field.
    static func decode<Value: Decodable>(_ type: Value.Type, from json: Data) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: json)
        } catch let error as DecodingError {
            throw error.problem
        }
    }

    static func bytes(of value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}
