import Foundation

/// What an answer's body says of itself, read without parsing it.
struct AnswerFacts: Equatable {
    /// Whether it holds as many results as it says were asked for; true when it does not say.
    var isComplete = true
    /// The model generation it was made from.
    var generation: Int?
    /// Whether it says that it was made with less than everything.
    var isDegraded = false
}

/// Looks into a JSON answer without parsing it.
package enum AnswerScan {
    /// Whether the answer holds as many results as it says were asked for; true when it does not say.
    ///
    /// It compares the first integers that follow the keys `requested` and `returned`, at whatever depth. A quoted text
    /// cannot be taken for a key: its own quotes are escaped. O(bytes).
    package static func isComplete(_ body: UnsafeRawBufferPointer) -> Bool {
        facts(body).isComplete
    }

    /// One pass over the body's quotes; the first of each key counts.
    static func facts(_ body: UnsafeRawBufferPointer) -> AnswerFacts {
        var requested: Int?
        var returned: Int?
        var generation: Int?
        var degraded: Bool?
        var start = 0
        while let quote = position(of: UInt8(ascii: "\""), from: start, in: body) {
            start = quote + 1
            if requested == nil, let value = value(after: #""requested""#, at: quote, in: body) {
                requested = integer(at: value, in: body)
            } else if returned == nil, let value = value(after: #""returned""#, at: quote, in: body) {
                returned = integer(at: value, in: body)
            } else if generation == nil, let value = value(after: #""generation""#, at: quote, in: body) {
                generation = integer(at: value, in: body)
            } else if degraded == nil, let value = value(after: #""degraded""#, at: quote, in: body) {
                degraded = body[value] == UInt8(ascii: "t")
            }
        }
        return AnswerFacts(
            isComplete: requested == nil || returned == nil || requested == returned, generation: generation,
            isDegraded: degraded ?? false)
    }

    private static func position(of byte: UInt8, from start: Int, in body: UnsafeRawBufferPointer) -> Int? {
        guard start < body.count, let base = body.baseAddress else { return nil }
        return memchr(base + start, CInt(byte), body.count - start).map { UnsafeRawPointer($0) - base }
    }

    /// Where the value begins, when this very key stands here; without a colon it is a value that reads like the key.
    private static func value(after key: StaticString, at start: Int, in body: UnsafeRawBufferPointer) -> Int? {
        let length = key.utf8CodeUnitCount
        guard body.count - start > length, let base = body.baseAddress, memcmp(base + start, key.utf8Start, length) == 0
        else { return nil }
        var index = start + length
        while index < body.count, isSpace(body[index]) { index += 1 }
        guard index < body.count, body[index] == UInt8(ascii: ":") else { return nil }
        index += 1
        while index < body.count, isSpace(body[index]) { index += 1 }
        return index < body.count ? index : nil
    }

    private static func integer(at start: Int, in body: UnsafeRawBufferPointer) -> Int? {
        let digits = body[start...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (9...13).contains(byte)
    }
}
