package import Foundation

/// A text file read a few megabytes at a time.
///
/// Lines end with LF or CRLF; the last one may lack its end. Blank lines are allowed at the end only.
package struct LineStream {
    package let name: String
    /// Bytes, for a guess of how many rows there are.
    package let size: Int
    private let handle: FileHandle
    private static let chunk = 4 << 20

    package init(_ url: URL) throws {
        name = url.lastPathComponent
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw MovieLensError(.missing, file: name, reason: "there is no file at \(url.path)")
        }
        do {
            handle = try FileHandle(forReadingFrom: url)
            size = try url.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        } catch {
            throw MovieLensError(.unreadable, file: name, reason: "cannot be read: \(error.localizedDescription)")
        }
    }

    /// Calls `body` for every line that is not blank, with its number from 1 and its bytes without the line's end.
    ///
    /// - Parameter blank: called for a blank line that others follow.
    /// - Throws: `MovieLensError` `empty` for a file without any line, and what the closures throw.
    package func forEachLine(
        blank: (_ number: Int) throws -> Void, _ body: (_ number: Int, UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        var pending: [UInt8] = []
        var number = 0
        var blanks: [Int] = []
        var isEmpty = true
        func take(_ line: UnsafeBufferPointer<UInt8>) throws {
            number += 1
            let isCRLF = line.last == UInt8(ascii: "\r")
            let line = isCRLF ? UnsafeBufferPointer(rebasing: line.dropLast()) : line
            guard !line.isEmpty else {
                blanks.append(number)
                return
            }
            if !blanks.isEmpty {
                for blankNumber in blanks { try blank(blankNumber) }
                blanks = []
            }
            isEmpty = false
            try body(number, line)
        }
        while let data = try read(), !data.isEmpty {
            try data.withUnsafeBytes { raw in
                let bytes = raw.bindMemory(to: UInt8.self)
                var start = 0
                while let end = LineStream.newline(in: bytes, from: start) {
                    let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
                    if pending.isEmpty {
                        try take(line)
                    } else {
                        pending.append(contentsOf: line)
                        try pending.withUnsafeBufferPointer(take)
                        pending.removeAll(keepingCapacity: true)
                    }
                    start = end + 1
                }
                pending.append(contentsOf: bytes[start...])
            }
        }
        if !pending.isEmpty { try pending.withUnsafeBufferPointer(take) }
        guard !isEmpty else { throw MovieLensError(.empty, file: name, reason: "the file has no rows") }
    }

    private func read() throws -> Data? {
        do {
            return try handle.read(upToCount: LineStream.chunk)
        } catch {
            throw MovieLensError(.unreadable, file: name, reason: "cannot be read: \(error.localizedDescription)")
        }
    }

    private static func newline(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, 0x0A, bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}
