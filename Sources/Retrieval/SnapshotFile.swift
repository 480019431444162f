import Crypto
package import Foundation

/// The file that holds the generation that was served last: what a start needs while the database is away.
///
/// `kindred\n`, the format's number, the catalogue, when it was written, the content, and SHA-256 over all before.
/// Numbers are little-endian, matrices as in memory.
package struct SnapshotFile: Sendable {
    static let magic = Data("kindred\n".utf8)
    static let format: UInt32 = 2

    package let path: String
    private let folder: String
    private let catalogue: String

    /// - Parameter folder: made where it is missing.
    package init(folder: String, catalogue: String) {
        self.folder = folder
        self.catalogue = catalogue
        path = folder + "/snapshot-\(catalogue).kindred"
    }

    /// Replaces the file as a whole: a process or a machine that ends at any point leaves the former one or this one.
    ///
    /// It holds no more than some megabytes besides the snapshot, but a copy of what predicts ratings.
    ///
    /// - Throws: ``SnapshotFileError``; the former file is untouched then.
    package func write(_ snapshot: Snapshot, at date: Date) throws(SnapshotFileError) {
        // One process uses the folder, so a file of this name was left by one that has ended.
        let fresh = path + ".new"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var output = try SnapshotOutput(path: fresh)
            try output.bytes(Self.magic)
            try output.value(Self.format)
            try output.string(catalogue)
            try output.value(date.timeIntervalSince1970)
            try snapshot.write(to: &output)
            try output.finish()
            guard rename(fresh, path) == 0 else { throw Self.systemError("rename \(path)") }
            try synchronizeFolder()
        } catch {
            // The disk may be full because of it.
            unlink(fresh)
            throw SnapshotFileError(path: path, reason: "cannot be written: \(Self.words(error))")
        }
    }

    /// - Throws: ``SnapshotFileError`` for a file that is missing, damaged, of another format or another catalogue.
    package func read() throws(SnapshotFileError) -> Snapshot {
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
            var input = SnapshotInput(data, end: data.count - SHA256.byteCount)
            guard data.starts(with: Self.magic) else { throw Self.refusal("is no snapshot of Kindred") }
            try input.skip(Self.magic.count)
            let format = try input.value(UInt32.self)
            guard format == Self.format else {
                throw Self.refusal("is of format \(format), this version of Kindred reads \(Self.format)")
            }
            guard input.isSealed else { throw Self.refusal("is damaged: its content has another SHA-256") }
            let found = try input.string()
            guard found == catalogue else { throw Self.refusal("is of catalogue '\(found)', not '\(catalogue)'") }
            let date = Date(timeIntervalSince1970: try input.value(Double.self))
            return try Snapshot(from: &input, filedAt: date)
        } catch {
            throw SnapshotFileError(path: path, reason: Self.words(error))
        }
    }

    private func synchronizeFolder() throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw Self.systemError("open \(folder)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.systemError("fsync \(folder)") }
    }

    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    private static func refusal(_ reason: String) -> Refusal { Refusal(description: reason) }

    static func systemError(_ operation: String) -> Refusal {
        Refusal(description: "\(operation): \(String(cString: strerror(errno)))")
    }

    private static func words(_ error: any Error) -> String {
        // Foundation's own description is a page of its internals.
        (error as? CocoaError)?.localizedDescription ?? "\(error)"
    }
}

/// Why a snapshot cannot be written or used.
package struct SnapshotFileError: Error, Equatable, CustomStringConvertible {
    package let path: String
    package let reason: String

    package var description: String { "\(path): \(reason)" }
}
