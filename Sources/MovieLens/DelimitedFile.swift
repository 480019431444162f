import Foundation

/// A text file of rows with a fixed number of columns, read as bytes.
///
/// Lines end with LF or CRLF. Blank lines are allowed at the end only (`u.genre` has one).
struct DelimitedFile {
    let name: String
    private let bytes: [UInt8]

    init(_ url: URL) throws {
        name = url.lastPathComponent
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw MovieLensError(.missing, file: name, reason: "there is no file at \(url.path)")
        }
        do {
            bytes = try [UInt8](Data(contentsOf: url))
        } catch {
            throw MovieLensError(.unreadable, file: name, reason: "cannot be read: \(error.localizedDescription)")
        }
    }

    /// Calls `body` for every row; an empty file is an error. O(bytes).
    func forEachRow(columns: Int, separator: Character, _ body: (DelimitedRow) throws -> Void) throws {
        let separator = separator.asciiValue!
        let newline = UInt8(ascii: "\n")
        let carriageReturn = UInt8(ascii: "\r")
        var line = 0
        var rows = 0
        var firstBlankLine: Int?
        try bytes.withUnsafeBufferPointer { all in
            try withUnsafeTemporaryAllocation(of: Int.self, capacity: columns + 1) { bounds in
                var start = 0
                while start < all.count {
                    line += 1
                    bounds[0] = start
                    var found = 0
                    var position = start
                    while position < all.count, all[position] != newline {
                        if all[position] == separator {
                            found += 1
                            if found < columns { bounds[found] = position + 1 }
                        }
                        position += 1
                    }
                    let next = position + 1
                    if position > start, all[position - 1] == carriageReturn { position -= 1 }
                    if position == start {
                        firstBlankLine = firstBlankLine ?? line
                    } else {
                        if let blank = firstBlankLine {
                            throw MovieLensError(.malformed, file: name, line: blank, reason: "the line is blank")
                        }
                        guard found == columns - 1 else {
                            throw MovieLensError(
                                .malformed, file: name, line: line,
                                reason: "\(found + 1) columns where \(columns) are expected")
                        }
                        bounds[columns] = position + 1
                        rows += 1
                        try body(DelimitedRow(file: name, line: line, bytes: all, bounds: .init(bounds)))
                    }
                    start = next
                }
            }
        }
        guard rows > 0 else { throw MovieLensError(.empty, file: name, reason: "the file has no rows") }
    }
}
