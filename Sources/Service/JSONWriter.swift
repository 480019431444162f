import Foundation
import NIOCore

/// Writes JSON straight into bytes.
///
/// For answers, whose shape is fixed: `JSONEncoder` takes some fifty microseconds for ten results, as long as the
/// search for them. Everything else is encoded by `JSONEncoder`, and so is every text that needs an escape.
struct JSONWriter: ~Copyable {
    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        bytes = .allocate(capacity: self.capacity)
    }

    deinit { bytes.deallocate() }

    /// Lends what has been written so far.
    func withWritten<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// JSON as it stands: braces, commas, keys.
    mutating func raw(_ json: StaticString) {
        append(UnsafeBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount))
    }

    mutating func integer(_ value: Int) {
        // 20 digits and a sign hold any Int.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 21) { digits in
            var place = digits.count
            var rest = value.magnitude
            repeat {
                place -= 1
                digits[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if value < 0 {
                place -= 1
                digits[place] = UInt8(ascii: "-")
            }
            append(UnsafeBufferPointer(rebasing: digits[place...]))
        }
    }

    mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    /// The shortest digits that read back as the same number, as `JSONEncoder` writes it.
    mutating func number(_ value: Double) {
        precondition(value.isFinite, "JSON has no \(value)")
        var text = value.description
        let digits = text.hasSuffix(".0") ? text.utf8.count - 2 : text.utf8.count
        text.withUTF8 { append(UnsafeBufferPointer(rebasing: $0[..<digits])) }
    }

    mutating func string(_ text: String) throws {
        var text = text
        let isPlain = text.withUTF8 { characters in
            guard characters.allSatisfy(Self.needsNoEscape) else { return false }
            raw("\"")
            append(characters)
            raw("\"")
            return true
        }
        if !isPlain { try JSONBody.bytes(of: text).withUnsafeBytes { append($0.assumingMemoryBound(to: UInt8.self)) } }
    }

    private static func needsNoEscape(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte != 0x7f
    }

    /// Values with commas between them, in brackets.
    mutating func array<Element>(
        _ elements: [Element], _ write: (inout JSONWriter, Element) throws -> Void
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

    private mutating func append(_ added: UnsafeBufferPointer<UInt8>) {
        guard let start = added.baseAddress else { return }
        if count + added.count > capacity { grow(to: count + added.count) }
        (bytes + count).update(from: start, count: added.count)
        count += added.count
    }

    private mutating func grow(to needed: Int) {
        capacity = max(needed, 2 * capacity)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: bytes, count: count)
        bytes.deallocate()
        bytes = larger
    }
}
