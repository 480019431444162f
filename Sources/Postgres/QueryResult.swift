import CPostgres
import Foundation

/// The rows of one statement, in binary format. Immutable, so safe to share; the memory is libpq's until the last
/// reference goes.
package final class QueryResult: @unchecked Sendable {
    private let handle: OpaquePointer

    /// Takes ownership of `handle`.
    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQclear(handle) }

    package var rowCount: Int { Int(PQntuples(handle)) }

    /// Rows written, where the statement writes; 0 otherwise.
    package var affectedRows: Int { Int(String(cString: PQcmdTuples(handle))) ?? 0 }

    package func isNull(_ row: Int, _ column: Int) -> Bool { PQgetisnull(handle, Int32(row), Int32(column)) == 1 }

    package func int32(_ row: Int, _ column: Int) throws -> Int32 {
        try fixed(row, column, "int4", [OID.int4], Int32.self)
    }

    package func int64(_ row: Int, _ column: Int) throws -> Int64 {
        try fixed(row, column, "int8", [OID.int8], Int64.self)
    }

    package func float(_ row: Int, _ column: Int) throws -> Float {
        Float(bitPattern: try fixed(row, column, "float4", [OID.float4], UInt32.self))
    }

    package func double(_ row: Int, _ column: Int) throws -> Double {
        Double(bitPattern: try fixed(row, column, "float8", [OID.float8], UInt64.self))
    }

    package func bool(_ row: Int, _ column: Int) throws -> Bool {
        try fixed(row, column, "bool", [OID.bool], UInt8.self) != 0
    }

    package func text(_ row: Int, _ column: Int) throws -> String {
        let bytes = try bytes(row, column, "text", [OID.text, OID.varchar, OID.name, OID.json])
        return String(decoding: bytes, as: UTF8.self)
    }

    package func textIfPresent(_ row: Int, _ column: Int) throws -> String? {
        isNull(row, column) ? nil : try text(row, column)
    }

    package func textArray(_ row: Int, _ column: Int) throws -> [String] {
        try array(row, column, "text[]", OID.textArray) { String(decoding: $0, as: UTF8.self) }
    }

    package func int32Array(_ row: Int, _ column: Int) throws -> [Int32] {
        try array(row, column, "int4[]", OID.int4Array) { Int32(bigEndian: $0.loadUnaligned(as: Int32.self)) }
    }

    /// The raw binary value; valid only inside `body`. Extension types (pgvector's) have no fixed OID to check.
    package func withBytes<Result>(
        _ row: Int, _ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try withExtendedLifetime(self) { try body(bytes(row, column, "bytes", [])) }
    }

    private func fixed<Value: FixedWidthInteger>(
        _ row: Int, _ column: Int, _ type: String, _ oids: [UInt32], _: Value.Type
    ) throws -> Value {
        let bytes = try bytes(row, column, type, oids)
        guard bytes.count == MemoryLayout<Value>.size else { throw mismatch(column, type) }
        return Value(bigEndian: bytes.loadUnaligned(as: Value.self))
    }

    private func array<Element>(
        _ row: Int, _ column: Int, _ type: String, _ oid: UInt32, _ element: (UnsafeRawBufferPointer) -> Element
    ) throws -> [Element] {
        let bytes = try bytes(row, column, type, [oid])
        func word(_ offset: Int) -> Int {
            Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
        }
        let dimensions = word(0)
        guard dimensions > 0 else { return [] }
        guard dimensions == 1 else { throw mismatch(column, type) }
        var elements: [Element] = []
        var offset = 20
        for _ in 0..<word(12) {
            let length = word(offset)
            guard length >= 0 else { throw mismatch(column, "\(type) without NULL elements") }
            elements.append(element(.init(rebasing: bytes[offset + 4..<offset + 4 + length])))
            offset += 4 + length
        }
        return elements
    }

    private func bytes(_ row: Int, _ column: Int, _ type: String, _ oids: [UInt32]) throws -> UnsafeRawBufferPointer {
        guard row >= 0, row < rowCount, column >= 0, column < Int(PQnfields(handle)) else {
            throw PostgresError(.decoding, "there is no row \(row), column \(column) in this result")
        }
        guard oids.isEmpty || oids.contains(PQftype(handle, Int32(column))) else { throw mismatch(column, type) }
        guard !isNull(row, column) else {
            throw PostgresError(.decoding, "column '\(columnName(column))' is NULL where \(type) was expected")
        }
        return UnsafeRawBufferPointer(
            start: PQgetvalue(handle, Int32(row), Int32(column)),
            count: Int(PQgetlength(handle, Int32(row), Int32(column))))
    }

    private func columnName(_ column: Int) -> String { String(cString: PQfname(handle, Int32(column))) }

    private func mismatch(_ column: Int, _ type: String) -> PostgresError {
        PostgresError(
            .decoding, "column '\(columnName(column))' has type OID \(PQftype(handle, Int32(column))), not \(type)")
    }
}
