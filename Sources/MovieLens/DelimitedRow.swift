/// One row of a `DelimitedFile`; valid only inside the call that received it.
struct DelimitedRow {
    let file: String
    let line: Int
    let bytes: UnsafeBufferPointer<UInt8>
    /// Where each column starts; one more entry marks where a further column would.
    let bounds: UnsafeBufferPointer<Int>

    /// A whole number in decimal digits, with nothing around it.
    func integer(_ column: Int, _ meaning: String, in range: ClosedRange<Int>) throws -> Int {
        let field = self[column]
        let isNegative = field.first == UInt8(ascii: "-")
        var value = 0
        var isNumber = field.count > (isNegative ? 1 : 0) && field.count <= 18
        var position = field.startIndex + (isNegative ? 1 : 0)
        while isNumber, position < field.endIndex {
            let digit = Int(field[position]) - 48
            isNumber = digit >= 0 && digit <= 9
            value = value * 10 + digit
            position += 1
        }
        if isNegative { value = -value }
        guard isNumber, range.contains(value) else {
            throw malformed(
                "\(meaning) '\(text(column))' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func id(_ column: Int, _ meaning: String) throws -> Int32 {
        Int32(try integer(column, meaning, in: 1...Int(Int32.max)))
    }

    /// The column as ISO 8859-1, where each byte is the code point of the same number.
    func text(_ column: Int) -> String {
        let field = self[column]
        if field.allSatisfy({ $0 < 0x80 }) { return String(decoding: field, as: UTF8.self) }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: field.lazy.map { Unicode.Scalar($0) })
        return String(scalars)
    }

    func nonEmptyText(_ column: Int, _ meaning: String) throws -> String {
        guard !self[column].isEmpty else { throw malformed("\(meaning) is empty") }
        return text(column)
    }

    /// Nil when the column is empty.
    func optionalText(_ column: Int) -> String? {
        self[column].isEmpty ? nil : text(column)
    }

    func malformed(_ reason: String) -> MovieLensError {
        MovieLensError(.malformed, file: file, line: line, reason: reason)
    }

    func duplicate(_ reason: String) -> MovieLensError {
        MovieLensError(.duplicate, file: file, line: line, reason: reason)
    }

    private subscript(column: Int) -> Slice<UnsafeBufferPointer<UInt8>> {
        bytes[bounds[column]..<bounds[column + 1] - 1]
    }
}
