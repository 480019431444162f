/// Bytes that are not the vector they should be.
package enum VectorCodecError: Error, Equatable, CustomStringConvertible {
    /// The header is not one pgvector writes, or `length` does not fit it.
    case malformed(length: Int)
    case dimensions(found: Int, expected: Int)

    package var description: String {
        switch self {
        case .malformed(let length): "\(length) bytes are not a vector in pgvector's binary form"
        case .dimensions(let found, let expected): "the vector has \(found) dimensions instead of \(expected)"
        }
    }
}
