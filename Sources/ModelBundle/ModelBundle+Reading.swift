package import Foundation
import Kernels

extension ModelBundle {
    /// Reads a bundle and checks all of it: sizes, checksums, shapes, ids, finite values and norms.
    ///
    /// - Throws: `BundleError`, which names the file and what is wrong with it.
    package static func read(at folder: URL) throws(BundleError) -> ModelBundle {
        let manifest = try readManifest(at: folder)
        let files = manifest.files
        let content = Content(
            items: try BundleCoding.values(
                CatalogueItem.self, lines: bytes(BundleFile.items, files, folder), file: BundleFile.items),
            users: try BundleCoding.values(
                CatalogueUser.self, lines: bytes(BundleFile.users, files, folder), file: BundleFile.users),
            interactions: BundleCoding.interactions(
                try bytes(BundleFile.interactions, files, folder, rowBytes: BundleCoding.interactionBytes)),
            itemVectors: try matrix(BundleFile.itemVectors, files, folder),
            similarity: try matrix(BundleFile.similarity, files, folder),
            userVectors: try matrix(BundleFile.userVectors, files, folder),
            encoder: try matrix(BundleFile.encoder, files, folder),
            genreRows: try matrix(BundleFile.genreRows, files, folder),
            ratingHead: try ratingHead(manifest, folder))
        try BundleValidation.check(content, against: manifest)
        return ModelBundle(manifest: manifest, content: content)
    }

    /// Reads and checks the manifest alone.
    package static func readManifest(at folder: URL) throws(BundleError) -> BundleManifest {
        let url = folder.appending(path: BundleFile.manifest)
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw BundleError(
                .notABundle, file: BundleFile.manifest,
                reason: "is missing in \(folder.path): half-written or not a bundle")
        }
        let manifest = try BundleManifest.decoded(from: Checksum.read(url))
        let hash = try manifest.computedContentHash()
        guard manifest.contentHash == hash else {
            throw BundleError(
                .damaged, file: BundleFile.manifest,
                reason: "contentHash is \(manifest.contentHash), the content gives \(hash)")
        }
        return manifest
    }

    /// Nil when the manifest lists none of the head's files; some of them are damage.
    private static func ratingHead(_ manifest: BundleManifest, _ folder: URL) throws(BundleError) -> RatingHead? {
        let files = manifest.files
        guard manifest.predictsRatings else { return nil }
        let constants = try BundleCoding.values(
            RatingHead.Constants.self, lines: bytes(BundleFile.ratingHead, files, folder), file: BundleFile.ratingHead)
        guard constants.count == 1 else {
            throw BundleError(
                .invalidContent, file: BundleFile.ratingHead, reason: "has \(constants.count) objects, not 1")
        }
        let name = BundleFile.ratingNeighbors
        let kinds = RatingNeighbors.Kind.allCases.count
        // A file that is not listed is refused where its bytes are asked for.
        let columns = files[name]?.columns ?? kinds
        guard (kinds...30_000).contains(columns), columns.isMultiple(of: kinds) else {
            throw BundleError(.invalidContent, file: name, reason: "\(columns) columns are not \(kinds) lists")
        }
        let neighbors = try bytes(name, files, folder, rowBytes: columns * BundleCoding.neighborBytes)
        return RatingHead(
            constants: constants[0], items: try matrix(BundleFile.ratingItems, files, folder),
            neighbors: BundleCoding.neighbors(neighbors, items: files[name]?.rows ?? 0))
    }

    /// A file's bytes, once their size and checksum are the declared ones.
    private static func bytes(
        _ name: String, _ files: [String: BundleManifest.FileEntry], _ folder: URL, rowBytes: Int? = nil
    ) throws(BundleError) -> Data {
        guard let entry = files[name] else {
            throw BundleError(.invalidContent, file: BundleFile.manifest, reason: "does not list \(name)")
        }
        let url = folder.appending(path: name)
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw BundleError(.damaged, file: name, reason: "is missing, the manifest lists it")
        }
        let data = try Checksum.read(url)
        guard data.count == entry.bytes else {
            throw BundleError(
                .damaged, file: name, reason: "has \(data.count) bytes, manifest says \(entry.bytes)")
        }
        let sha256 = Checksum.sha256(data)
        guard sha256 == entry.sha256 else {
            throw BundleError(.damaged, file: name, reason: "sha256 is \(sha256), manifest says \(entry.sha256)")
        }
        if let rowBytes {
            let (expected, overflow) = entry.rows.multipliedReportingOverflow(by: rowBytes)
            guard entry.rows >= 0, !overflow, data.count == expected else {
                throw BundleError(
                    .invalidContent, file: name,
                    reason: "has \(data.count) bytes, \(entry.rows) rows of \(rowBytes) bytes do not fit")
            }
        }
        return data
    }

    private static func matrix(
        _ name: String, _ files: [String: BundleManifest.FileEntry], _ folder: URL
    ) throws(BundleError) -> FloatMatrix {
        let columns = files[name]?.columns ?? 0
        guard (0...16_000).contains(columns) else {
            throw BundleError(.invalidContent, file: name, reason: "\(columns) columns are not 0…16000")
        }
        let data = try bytes(name, files, folder, rowBytes: columns * MemoryLayout<Float>.size)
        return BundleCoding.matrix(data, rows: files[name]?.rows ?? 0, columns: columns)
    }
}
