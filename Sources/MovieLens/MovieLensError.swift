/// A file of the data set that cannot be used, named by file, line and reason.
package struct MovieLensError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The file or folder is not there.
        case missing
        /// The file is there but cannot be read.
        case unreadable
        /// The file holds no rows.
        case empty
        /// A line has the wrong number of columns or a value that is not allowed.
        case malformed
        /// An id or a (user, movie) pair appears twice.
        case duplicate
        /// A rating names a movie or a user that the catalogue does not have.
        case unknownReference
        /// The size asked of the generator cannot be generated.
        case impossibleSize
    }

    package let code: Code
    /// The last component of the file's path, such as `u.item`.
    package let file: String
    /// Counted from 1; nil when the file as a whole is meant.
    package let line: Int?
    package let reason: String

    package init(_ code: Code, file: String, line: Int? = nil, reason: String) {
        self.code = code
        self.file = file
        self.line = line
        self.reason = reason
    }

    package var description: String {
        if let line { "\(file):\(line): \(reason)" } else { "\(file): \(reason)" }
    }
}
