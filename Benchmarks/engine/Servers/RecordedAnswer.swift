import ArgumentParser
import Foundation
import NIOCore

/// What a server sends, made once.
struct RecordedAnswer: Sendable {
    let headers: [(name: String, value: String)]
    let body: ByteBuffer

    /// - Throws: when the file cannot be read or a header is not of the form `NAME: VALUE`.
    init(file: String, headers: [String]) throws {
        body = ByteBuffer(bytes: try Data(contentsOf: URL(fileURLWithPath: file)))
        self.headers = try headers.map { header in
            guard let mark = header.firstRange(of: ": ") else {
                throw ValidationError("--header '\(header)' is not of the form 'NAME: VALUE'")
            }
            return (String(header[..<mark.lowerBound]), String(header[mark.upperBound...]))
        }
    }
}
