package import Foundation
import Kernels

/// A rating head as a database keeps it: its parameters as JSON, its matrices in the encoding of the bundle's files.
package struct StoredRatingHead: Sendable {
    /// Bytes and the checksum they were stored with.
    package struct Part: Sendable {
        package let bytes: Data
        /// In hex.
        package let sha256: String

        package init(bytes: Data, sha256: String) {
            self.bytes = bytes
            self.sha256 = sha256
        }

        fileprivate init(_ bytes: Data) {
            self.init(bytes: bytes, sha256: Checksum.sha256(bytes))
        }
    }

    /// One JSON object: `RatingHead.Constants`.
    package let constants: String
    /// As in `rating_items.f32`.
    package let items: Part
    /// As in `rating_neighbors.bin`.
    package let neighbors: Part

    package init(constants: String, items: Part, neighbors: Part) {
        self.constants = constants
        self.items = items
        self.neighbors = neighbors
    }

    package init(_ head: RatingHead) throws(BundleError) {
        let lines = try BundleCoding.lines(of: [head.constants], file: BundleFile.ratingHead)
        self.init(
            constants: String(decoding: lines.dropLast(), as: UTF8.self),
            items: Part(BundleCoding.bytes(of: head.items)),
            neighbors: Part(BundleCoding.bytes(of: head.neighbors)))
    }

    /// Checks the checksums, the shapes and every value, as reading a bundle does.
    ///
    /// - Parameter count: of the catalogue's items.
    /// - Throws: `BundleError`, which names the bundle's file that holds the same.
    package func head(items count: Int) throws(BundleError) -> RatingHead {
        try items.check(BundleFile.ratingItems)
        try neighbors.check(BundleFile.ratingNeighbors)
        let constants = try BundleCoding.values(
            RatingHead.Constants.self, lines: Data(constants.utf8), file: BundleFile.ratingHead)
        guard constants.count == 1 else {
            throw BundleError(
                .invalidContent, file: BundleFile.ratingHead, reason: "has \(constants.count) objects, not 1")
        }
        let columns = RatingHead.Column.firstGroup + constants[0].groups.count
        try items.check(
            BundleFile.ratingItems, fits: items.bytes.count == count * columns * MemoryLayout<Float>.size)
        let row = RatingNeighbors.Kind.allCases.count * BundleCoding.neighborBytes * max(count, 1)
        try neighbors.check(BundleFile.ratingNeighbors, fits: neighbors.bytes.count.isMultiple(of: row))
        let head = RatingHead(
            constants: constants[0], items: BundleCoding.matrix(items.bytes, rows: count, columns: columns),
            neighbors: BundleCoding.neighbors(neighbors.bytes, items: count))
        try head.check(items: count)
        return head
    }
}

extension StoredRatingHead.Part {
    fileprivate func check(_ file: String) throws(BundleError) {
        let found = Checksum.sha256(bytes)
        guard found == sha256 else {
            throw BundleError(.damaged, file: file, reason: "sha256 is \(found), stored was \(sha256)")
        }
    }

    fileprivate func check(_ file: String, fits: Bool) throws(BundleError) {
        guard fits else {
            throw BundleError(
                .invalidContent, file: file, reason: "\(bytes.count) bytes are not whole rows of this catalogue")
        }
    }
}
