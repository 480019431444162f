/// The fields of one line, found without copying; reused from line to line.
///
/// A CSV field may be quoted, with doubled quotes inside (RFC 4180), but does not go on in the next line.
package struct TextFields {
    package enum Separator: Sendable, Equatable {
        /// One byte; quotes are respected for a comma or a semicolon.
        case byte(UInt8)
        /// `::`, as in `ratings.dat`.
        case doubleColon
    }

    private struct Field {
        var start: Int
        var end: Int
        var isQuoted = false
    }

    private let separator: Separator
    /// Those of earlier, longer lines stay behind: room is made once.
    private var fields: [Field] = []
    private var line = UnsafeBufferPointer<UInt8>(start: nil, count: 0)

    package init(_ separator: Separator) { self.separator = separator }

    package private(set) var count = 0

    /// Valid as long as `line` is.
    ///
    /// - Returns: why the line cannot be split, nil when it is.
    package mutating func split(_ line: UnsafeBufferPointer<UInt8>) -> String? {
        self.line = line
        count = 0
        switch separator {
        case .byte(let byte): return split(at: byte, quotes: byte != UInt8(ascii: "\t") && byte != UInt8(ascii: "|"))
        case .doubleColon:
            splitAtDoubleColons()
            return nil
        }
    }

    package subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: line[fields[index].start..<fields[index].end])
    }

    /// The text of a field, as UTF-8 or, where it is none, as ISO 8859-1; quotes are undone.
    package func text(_ index: Int) -> String {
        let bytes = self[index]
        let text =
            String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        return fields[index].isQuoted ? text.replacing("\"\"", with: "\"") : text
    }

    private mutating func add(_ field: Field) {
        if count < fields.count { fields[count] = field } else { fields.append(field) }
        count += 1
    }

    private mutating func split(at separator: UInt8, quotes: Bool) -> String? {
        let quote = UInt8(ascii: "\"")
        var start = 0
        while true {
            var end = start
            if quotes, start < line.count, line[start] == quote {
                end = start + 1
                while end < line.count, line[end] != quote || (end + 1 < line.count && line[end + 1] == quote) {
                    end += line[end] == quote ? 2 : 1
                }
                guard end < line.count else { return "a quote is not closed" }
                guard end + 1 == line.count || line[end + 1] == separator else { return "text follows a closing quote" }
                add(Field(start: start + 1, end: end, isQuoted: true))
                end += 1
            } else {
                while end < line.count, line[end] != separator { end += 1 }
                add(Field(start: start, end: end))
            }
            guard end < line.count else { return nil }
            start = end + 1
        }
    }

    private mutating func splitAtDoubleColons() {
        let colon = UInt8(ascii: ":")
        var start = 0
        var position = 0
        while position + 1 < line.count {
            if line[position] == colon, line[position + 1] == colon {
                add(Field(start: start, end: position))
                position += 2
                start = position
            } else {
                position += 1
            }
        }
        add(Field(start: start, end: line.count))
    }
}
