/// Numbers in text, without an allocation.
package enum TextNumber {
    /// Decimal digits, with a minus before them or not; nil for anything else and beyond 18 digits.
    package static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let first = bytes.first == UInt8(ascii: "-") ? 1 : 0
        guard bytes.count > first, bytes.count <= 18 + first else { return nil }
        var value = 0
        for position in first..<bytes.count {
            let digit = Int(bytes[position]) - 48
            guard digit >= 0, digit <= 9 else { return nil }
            value = value * 10 + digit
        }
        return first == 1 ? -value : value
    }

    /// A decimal number such as `4`, `3.5` or `-1.25e2`; nil for anything else, NaN and infinities included.
    package static func decimal(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        if let integer = integer(bytes) { return Double(integer) }
        // Nearly all ratings are `d.d`.
        if bytes.count == 3, bytes[1] == UInt8(ascii: ".") {
            let whole = Int(bytes[0]) - 48
            let tenth = Int(bytes[2]) - 48
            if 0...9 ~= whole, 0...9 ~= tenth { return Double(whole * 10 + tenth) / 10 }
        }
        let isPlain = bytes.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
        guard isPlain, let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }
}
