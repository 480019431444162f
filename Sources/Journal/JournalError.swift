import Foundation

/// Why the journal cannot be opened, or did not take records. What was refused is not kept.
package enum JournalError: Error, Equatable, CustomStringConvertible {
    /// The system refused `operation`; `code` is its errno.
    case system(operation: String, path: String, code: Int32)
    /// What waits to be read has reached the bound.
    case full(bytes: Int)
    /// The disk does not keep up: too many bytes wait to be written.
    case busy
    case recordSize(Int)
    /// Another process has the folder open.
    case inUse(folder: String)
    case closed

    static func system(_ operation: String, _ path: String) -> JournalError {
        .system(operation: operation, path: path, code: errno)
    }

    package var description: String {
        if case .system(let operation, let path, _) = self { "\(operation) \(path): \(reason)" } else { reason }
    }

    /// Without the names of files, which are not for strangers.
    package var reason: String {
        switch self {
        case .system(_, _, let code): String(cString: strerror(code))
        case .full(let bytes): "the journal has reached its bound of \(bytes) bytes"
        case .busy: "the disk does not keep up: too many bytes wait to be written"
        case .recordSize(let bytes):
            "a record of \(bytes) bytes is outside \(Record.sizes.lowerBound)…\(Record.sizes.upperBound)"
        case .inUse(let folder):
            "\(folder) is in use by another process: stop it, or give each service a state folder of its own"
        case .closed: "the journal is closed"
        }
    }
}
