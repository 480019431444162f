package import Foundation

/// What a bundle is and what its files must be: `manifest.json`.
package struct BundleManifest: Codable, Sendable, Equatable {
    package static let currentFormatVersion = 2

    package var formatVersion: Int
    package var name: String
    /// By default the first 12 characters of `contentHash`.
    package var version: String
    /// ISO 8601, whole seconds.
    package var created: Date
    /// SHA-256, in hex, of the manifest without `created`, `version`, `gitRevision` and this field: what the bundle
    /// holds, not when and by which commit it was made. The checksums in `files` make it cover every file.
    package var contentHash: String
    package var gitRevision: String?
    package var dataset: Dataset
    package var geometry: Geometry
    package var hyperparameters: [String: Double]
    package var metrics: [String: Double]
    /// Of the matrix that the recommendation vectors come from, descending; absent where there is no such matrix.
    package var singularValues: [Double]?
    /// Ids, ascending, of items nobody has rated: an all-zero row of `item_vectors.f32`, NULL in the database.
    package var coldItems: [Int32]
    /// Ids, ascending, of items nothing is known about: an all-zero row of `similarity.f32`.
    package var itemsWithoutSimilarity: [Int32]
    /// Ids, ascending, of users without a history: an all-zero row of `user_vectors.f32`.
    package var coldUsers: [Int32]
    /// By file name; everything but the manifest.
    package var files: [String: FileEntry]

    /// What the vectors were learned from.
    package struct Dataset: Codable, Sendable, Equatable {
        package var name: String
        /// SHA-256, in hex, over the files that were read.
        package var checksum: String
        package var users: Int
        package var items: Int
        package var interactions: Int
        /// True when no person gave these ratings.
        package var synthetic: Bool

        package init(name: String, checksum: String, users: Int, items: Int, interactions: Int, synthetic: Bool) {
            self.name = name
            self.checksum = checksum
            self.users = users
            self.items = items
            self.interactions = interactions
            self.synthetic = synthetic
        }
    }

    package struct FileEntry: Codable, Sendable, Equatable {
        package var bytes: Int
        /// In hex.
        package var sha256: String
        package var rows: Int
        /// Values in a row; 1 for a file with one JSON object per line.
        package var columns: Int
    }
}

extension BundleManifest {
    /// Whether the bundle has a `RatingHead`; one without it serves everything but predicted ratings.
    package var predictsRatings: Bool {
        BundleFile.head.contains { files[$0] != nil }
    }

    /// The hash that `contentHash` must be.
    package func computedContentHash() throws(BundleError) -> String {
        var content = self
        content.contentHash = ""
        content.version = ""
        content.gitRevision = nil
        content.created = Date(timeIntervalSince1970: 0)
        return Checksum.sha256(try content.encoded())
    }

    /// Sorted keys, so that equal manifests are equal bytes.
    func encoded() throws(BundleError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        do {
            return try encoder.encode(self)
        } catch {
            throw BundleError(.invalidContent, file: BundleFile.manifest, reason: "cannot be encoded: \(error)")
        }
    }

    static func decoded(from data: Data) throws(BundleError) -> BundleManifest {
        struct Format: Decodable { let formatVersion: Int }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            let format = try decoder.decode(Format.self, from: data).formatVersion
            guard format == currentFormatVersion else {
                throw BundleError(
                    .unsupportedFormat, file: BundleFile.manifest,
                    reason: "formatVersion is \(format), this version of Kindred reads \(currentFormatVersion)")
            }
            return try decoder.decode(BundleManifest.self, from: data)
        } catch let error as BundleError {
            throw error
        } catch {
            throw BundleError(.invalidContent, file: BundleFile.manifest, reason: "is not a manifest: \(error)")
        }
    }
}
