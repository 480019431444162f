import CPostgres

/// Values in PostgreSQL's binary format, one after the other. Everything is big-endian.
package struct BinaryWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func raw(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func value(of parameter: Parameter) {
        switch parameter {
        case .null: break
        case .bool(let value): bytes.append(value ? 1 : 0)
        case .int32(let value): raw(value)
        case .int64(let value): raw(value)
        case .double(let value): raw(value.bitPattern)
        case .text(let value): bytes.append(contentsOf: value.utf8)
        case .int32Array(let values):
            array(of: OID.int4, values) { writer, value in
                writer.raw(Int32(4))
                writer.raw(value)
            }
        case .vector(let values): values.withUnsafeBufferPointer { vectorValue($0) }
        case .bits(let code): bitValue(code)
        }
    }

    /// An array of one dimension: dimensions, has-null flag, element type, length, lower bound, elements.
    private mutating func array<Element>(
        of type: UInt32, _ elements: [Element], _ element: (inout BinaryWriter, Element) -> Void
    ) {
        raw(Int32(elements.isEmpty ? 0 : 1))
        raw(Int32(0))
        raw(type)
        guard !elements.isEmpty else { return }
        raw(Int32(elements.count))
        raw(Int32(1))
        for value in elements { element(&self, value) }
    }

    /// pgvector's `vector_send`: dimensions, an unused zero, the elements as float4.
    ///
    /// - Parameter isField: whether its length goes before it.
    private mutating func vectorValue(_ values: UnsafeBufferPointer<Float>, isField: Bool = false) {
        // One append for all of it: a million vectors are written as fast as a server takes them.
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: values.count + 2) { words in
            words[0] = UInt32(4 + 4 * values.count).bigEndian
            words[1] = (UInt32(values.count) << 16).bigEndian
            for index in values.indices { words[index + 2] = values[index].bitPattern.bigEndian }
            bytes.append(contentsOf: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: words[(isField ? 0 : 1)...])))
        }
    }

    /// `bit_send`: the number of bits, then the bytes.
    private mutating func bitValue(_ code: [UInt8]) {
        raw(Int32(8 * code.count))
        bytes.append(contentsOf: code)
    }

    // Fields of a COPY row: each is its length in bytes, then its value; NULL is length −1.

    package mutating func null() { raw(Int32(-1)) }

    package mutating func int32(_ value: Int32) {
        raw(UInt64(4) << 32 | UInt64(UInt32(bitPattern: value)))
    }

    package mutating func float(_ value: Float) {
        raw(Int32(4))
        raw(value.bitPattern)
    }

    package mutating func text(_ value: String) {
        raw(Int32(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    package mutating func bytea(_ value: some Collection<UInt8>) {
        raw(Int32(value.count))
        bytes.append(contentsOf: value)
    }

    /// jsonb's binary format is a version byte, then the text.
    package mutating func jsonb(_ json: String) {
        raw(Int32(json.utf8.count + 1))
        bytes.append(1)
        bytes.append(contentsOf: json.utf8)
    }

    package mutating func textArray(_ values: [String]) {
        field { writer in
            writer.array(of: OID.text, values) { writer, value in writer.text(value) }
        }
    }

    package mutating func vector(_ values: UnsafeBufferPointer<Float>) {
        vectorValue(values, isField: true)
    }

    /// Eight bits a byte, the first one highest.
    package mutating func bits(_ code: [UInt8]) {
        raw(Int32(4 + code.count))
        bitValue(code)
    }

    /// Days from 2000-01-01, PostgreSQL's epoch.
    package mutating func date(daysSince2000 days: Int32) { int32(days) }

    /// Microseconds from 2000-01-01 00:00 UTC; `seconds` counts from 1970.
    package mutating func timestamp(secondsSince1970 seconds: Int64) {
        raw(Int32(8))
        raw((seconds - 946_684_800) * 1_000_000)
    }

    private mutating func field(_ body: (inout BinaryWriter) -> Void) {
        let start = bytes.count
        raw(Int32(0))
        body(&self)
        let length = UInt32(bytes.count - start - 4)
        for byte in 0..<4 { bytes[start + byte] = UInt8(truncatingIfNeeded: length >> (24 - 8 * byte)) }
    }
}
