import Foundation
import NIOCore

/// Writes JSON straight into the bytes of a response.
///
/// For answers, whose shape is fixed: `JSONEncoder` takes some fifty microseconds for ten results, as long as the
/// search for them. Everything else is encoded by `JSONEncoder`, and so is every text that needs an escape.
struct JSONWriter {
    private(set) var buffer: ByteBuffer

    init(capacity: Int) {
        buffer = ByteBuffer()
        buffer.reserveCapacity(capacity)
    }

    /// JSON as it stands: braces, commas, keys.
    mutating func raw(_ json: StaticString) { buffer.writeStaticString(json) }

    mutating func integer(_ value: Int) { buffer.writeString(String(value)) }

    mutating func bool(_ value: Bool) { buffer.writeStaticString(value ? "true" : "false") }

    /// The shortest digits that read back as the same number, as `JSONEncoder` writes it.
    mutating func number(_ value: Double) {
        precondition(value.isFinite, "JSON has no \(value)")
        let text = value.description
        buffer.writeString(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    mutating func string(_ text: String) throws {
        let isPlain =
            text.utf8.withContiguousStorageIfAvailable { bytes in
                bytes.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 != 0x7f }
            } ?? false
        guard isPlain else {
            buffer.writeBytes(try JSONBody.bytes(of: text))
            return
        }
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeString(text)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    /// Values with commas between them, in brackets.
    mutating func array<Element>(
        _ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) throws -> Void
    ) rethrows {
        raw("[")
        var isFirst = true
        for element in elements {
            if !isFirst { raw(",") }
            isFirst = false
            try write(&self, element)
        }
        raw("]")
    }
}
