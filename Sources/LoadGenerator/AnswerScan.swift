/// Looks into a JSON answer without parsing it.
package enum AnswerScan {
    /// Whether the answer holds as many results as it says were asked for; true when it does not say.
    ///
    /// It compares the first integers that follow the keys `requested` and `returned`, at whatever depth. A quoted text
    /// cannot be taken for a key: its own quotes are escaped. O(bytes).
    package static func isComplete(_ body: UnsafeRawBufferPointer) -> Bool {
        guard let requested = integer(after: #""requested""#, in: body) else { return true }
        guard let returned = integer(after: #""returned""#, in: body) else { return true }
        return requested == returned
    }

    private static func integer(after key: StaticString, in body: UnsafeRawBufferPointer) -> Int? {
        let pattern = UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        var start = 0
        while start + pattern.count < body.count {
            guard body[start] == UInt8(ascii: "\""),
                body[start..<start + pattern.count].elementsEqual(pattern)
            else {
                start += 1
                continue
            }
            start += pattern.count
            var rest = body[start...].drop(while: isSpace)
            // Without a colon it was a value that reads like the key.
            guard rest.popFirst() == UInt8(ascii: ":") else { continue }
            let digits = rest.drop(while: isSpace).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return Int(String(decoding: digits, as: UTF8.self))
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (9...13).contains(byte)
    }
}
