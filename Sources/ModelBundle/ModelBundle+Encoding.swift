import Foundation
import Kernels

extension ModelBundle.Content {
    struct EncodedFile {
        let data: Data
        let entry: BundleManifest.FileEntry

        init(_ data: Data, rows: Int, columns: Int) {
            self.data = data
            entry = .init(bytes: data.count, sha256: Checksum.sha256(data), rows: rows, columns: columns)
        }

        init(_ matrix: FloatMatrix) {
            self.init(BundleCoding.bytes(of: matrix), rows: matrix.rows, columns: matrix.columns)
        }
    }

    /// The bytes of every file but the manifest, by name.
    func encoded() throws(BundleError) -> [String: EncodedFile] {
        var files = [
            BundleFile.items: EncodedFile(
                try BundleCoding.lines(of: items, file: BundleFile.items), rows: items.count, columns: 1),
            BundleFile.users: EncodedFile(
                try BundleCoding.lines(of: users, file: BundleFile.users), rows: users.count, columns: 1),
            BundleFile.interactions: EncodedFile(
                BundleCoding.bytes(of: interactions), rows: interactions.count, columns: 4),
            BundleFile.itemVectors: EncodedFile(itemVectors),
            BundleFile.similarity: EncodedFile(similarity),
            BundleFile.userVectors: EncodedFile(userVectors),
            BundleFile.encoder: EncodedFile(encoder),
            BundleFile.genreRows: EncodedFile(genreRows),
        ]
        if let ratingHead {
            files.merge(try ratingHead.encoded()) { file, _ in file }
        }
        return files
    }
}

extension RatingHead {
    fileprivate func encoded() throws(BundleError) -> [String: ModelBundle.Content.EncodedFile] {
        let kinds = RatingNeighbors.Kind.allCases.count
        return [
            BundleFile.ratingHead: .init(
                try BundleCoding.lines(of: [constants], file: BundleFile.ratingHead), rows: 1, columns: 1),
            BundleFile.ratingItems: .init(items),
            BundleFile.ratingNeighbors: .init(
                BundleCoding.bytes(of: neighbors), rows: neighbors.items, columns: kinds * neighbors.count),
        ]
    }
}
