/// One statement parameter, sent in PostgreSQL's binary format.
package enum Parameter: Sendable, Equatable {
    case null
    case bool(Bool)
    case int32(Int32)
    case int64(Int64)
    case double(Double)
    case text(String)
    case int32Array([Int32])
    /// A pgvector value; its statement must cast it (`$1::vector`), because an extension's type has no fixed OID.
    case vector([Float])
    /// A `bit(n)`: eight bits a byte, the first one highest.
    case bits([UInt8])

    /// The type's OID, or 0 where the server infers it.
    var oid: UInt32 {
        switch self {
        case .null, .vector: 0
        case .bool: OID.bool
        case .int32: OID.int4
        case .int64: OID.int8
        case .double: OID.float8
        case .text: OID.text
        case .int32Array: OID.int4Array
        case .bits: OID.bit
        }
    }
}

/// Type OIDs, fixed for all time in PostgreSQL's `pg_type.dat`.
enum OID {
    static let bool: UInt32 = 16
    static let name: UInt32 = 19
    static let int8: UInt32 = 20
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let json: UInt32 = 114
    static let float4: UInt32 = 700
    static let float8: UInt32 = 701
    static let int4Array: UInt32 = 1007
    static let textArray: UInt32 = 1009
    static let varchar: UInt32 = 1043
    static let bit: UInt32 = 1560
}
