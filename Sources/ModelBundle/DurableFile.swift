import Foundation

/// Writing that survives a power cut: bytes first, then the names that lead to them.
enum DurableFile {
    static func write(_ data: Data, to url: URL) throws {
        try data.write(to: url, options: .withoutOverwriting)
        try synchronize(url)
    }

    /// Waits until the file, or the folder's list of names, is on the disk.
    static func synchronize(_ url: URL) throws {
        let descriptor = open(url.path, O_RDONLY)
        guard descriptor >= 0 else { throw failure("open", url) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("fsync", url) }
    }

    /// Atomic; refuses a target that is not an empty folder, also when it appeared a moment ago.
    static func rename(_ source: URL, to target: URL) throws {
        guard Foundation.rename(source.path, target.path) == 0 else { throw failure("rename", target) }
    }

    private static func failure(_ operation: String, _ url: URL) -> BundleError {
        let reason = String(cString: strerror(errno))
        return BundleError(.cannotWrite, file: url.path, reason: "\(operation): \(reason)")
    }
}
