/// A bundle that cannot be read or written.
package struct BundleError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// There is no manifest: half-written, or not a bundle at all.
        case notABundle = "not_a_bundle"
        /// Made by a version of Kindred that this one does not know.
        case unsupportedFormat = "unsupported_format"
        /// The operating system refuses to read a file.
        case unreadable
        /// A file's size or checksum is not the one the manifest declares.
        case damaged
        /// The files are the ones declared, but what they hold breaks a rule of the format.
        case invalidContent = "invalid_content"
        /// Another bundle is where this one should go.
        case conflict
        /// The operating system refuses to write.
        case cannotWrite = "cannot_write"
    }

    package let code: Code
    /// The file meant, such as `similarity.f32`, or the bundle's folder.
    package let file: String
    package let reason: String

    package init(_ code: Code, file: String, reason: String) {
        self.code = code
        self.file = file
        self.reason = reason
    }

    package var description: String { "\(file): \(reason)" }
}
