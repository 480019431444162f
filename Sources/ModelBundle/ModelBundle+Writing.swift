package import Foundation

extension ModelBundle {
    package enum WriteOutcome: Sendable, Equatable {
        case written
        /// The same content was there already, undamaged; nothing was touched.
        case alreadyThere
    }

    /// Writes the bundle beside `folder`, makes it durable, and renames it: `folder` is whole or absent.
    ///
    /// - Throws: `BundleError`: `conflict` when something else is at `folder`, `cannotWrite` when the system refuses,
    ///   and what `read(at:)` throws when the same bundle is there but damaged.
    @discardableResult
    package func write(to folder: URL) throws(BundleError) -> WriteOutcome {
        if let existing = try ModelBundle.occupant(of: folder) {
            guard existing.contentHash == manifest.contentHash else {
                throw BundleError(
                    .conflict, file: folder.path,
                    reason: "holds another bundle (content \(existing.contentHash.prefix(12)), "
                        + "not \(manifest.contentHash.prefix(12))); choose another folder")
            }
            _ = try ModelBundle.read(at: folder)
            return .alreadyThere
        }
        let parent = folder.deletingLastPathComponent()
        let temporary = parent.appending(path: ".\(folder.lastPathComponent).\(UUID().uuidString).tmp")
        do {
            try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
            for (name, file) in try content.encoded() {
                try DurableFile.write(file.data, to: temporary.appending(path: name))
            }
            try DurableFile.write(manifest.encoded(), to: temporary.appending(path: BundleFile.manifest))
            try DurableFile.synchronize(temporary)
            try DurableFile.rename(temporary, to: folder)
            try DurableFile.synchronize(parent)
            return .written
        } catch {
            // What matters is the first error; a folder that cannot be removed is hidden and no bundle.
            try? FileManager.default.removeItem(at: temporary)
            if let error = error as? BundleError { throw error }
            throw BundleError(
                .cannotWrite, file: folder.path, reason: "cannot be written: \(error.localizedDescription)")
        }
    }

    /// The manifest of the bundle at `folder`; nil when nothing or an empty folder is there.
    private static func occupant(of folder: URL) throws(BundleError) -> BundleManifest? {
        guard FileManager.default.fileExists(atPath: folder.path) else { return nil }
        let manifest = folder.appending(path: BundleFile.manifest)
        if FileManager.default.fileExists(atPath: manifest.path) {
            return try BundleManifest.decoded(from: Checksum.read(manifest))
        }
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        guard let names, names.isEmpty else {
            throw BundleError(
                .conflict, file: folder.path, reason: "is there already and is not a bundle; choose another folder")
        }
        return nil
    }
}
