package import Foundation
package import Kernels

/// One training's whole result: the catalogue, the interactions it was learned from and the vectors.
///
/// On disk it is a folder with `manifest.json`, little-endian float32 matrices, one packed file of interactions and
/// two files of JSON lines. A value of this type has passed every check of the format.
package struct ModelBundle: Sendable {
    package let manifest: BundleManifest
    /// Ascending by id; row i of every item matrix is `items[i]`.
    package let items: [CatalogueItem]
    /// Ascending by id; row i of `userVectors` is `users[i]`.
    package let users: [CatalogueUser]
    package let interactions: [Interaction]
    /// items × dimensions; each row has norm M or, for a cold item, is zero.
    package let itemVectors: FloatMatrix
    /// items × similarityDimensions; each row has norm 1 or, without any information, is zero.
    package let similarity: FloatMatrix
    /// users × dimensions; each row has norm M and ends with 0 or, for a cold user, is zero.
    package let userVectors: FloatMatrix
    /// items × spectralDimensions: what each item of a history adds to a user vector.
    package let encoder: FloatMatrix
    /// items × genreDimensions: 1/√(number of genres) at each genre of the item.
    package let genreRows: FloatMatrix
    /// What `RatingPredictor` needs; nil when the bundle does not predict ratings.
    package let ratingHead: RatingHead?

    /// What a bundle is made of, before its manifest is known.
    package struct Content: Sendable {
        package var items: [CatalogueItem]
        package var users: [CatalogueUser]
        package var interactions: [Interaction]
        package var itemVectors: FloatMatrix
        package var similarity: FloatMatrix
        package var userVectors: FloatMatrix
        package var encoder: FloatMatrix
        package var genreRows: FloatMatrix
        package var ratingHead: RatingHead?

        package init(
            items: [CatalogueItem], users: [CatalogueUser], interactions: [Interaction], itemVectors: FloatMatrix,
            similarity: FloatMatrix, userVectors: FloatMatrix, encoder: FloatMatrix, genreRows: FloatMatrix,
            ratingHead: RatingHead? = nil
        ) {
            self.items = items
            self.users = users
            self.interactions = interactions
            self.itemVectors = itemVectors
            self.similarity = similarity
            self.userVectors = userVectors
            self.encoder = encoder
            self.genreRows = genreRows
            self.ratingHead = ratingHead
        }
    }

    init(manifest: BundleManifest, content: Content) {
        self.manifest = manifest
        items = content.items
        users = content.users
        interactions = content.interactions
        itemVectors = content.itemVectors
        similarity = content.similarity
        userVectors = content.userVectors
        encoder = content.encoder
        genreRows = content.genreRows
        ratingHead = content.ratingHead
    }

    /// Makes a bundle of new vectors; rows that are all zero become the manifest's cold items and users.
    ///
    /// - Parameters:
    ///   - version: nil for the first 12 characters of the content hash.
    ///   - dataset: name, checksum and origin; the three counts are taken from the content.
    ///   - created: kept to the second.
    /// - Throws: `BundleError` with `invalidContent` when the content breaks a rule of the format.
    package init(
        name: String, version: String? = nil, created: Date = Date(), gitRevision: String? = nil,
        dataset: BundleManifest.Dataset, geometry: Geometry, hyperparameters: [String: Double] = [:],
        metrics: [String: Double] = [:], singularValues: [Double]? = nil, content: Content
    ) throws(BundleError) {
        var dataset = dataset
        dataset.users = content.users.count
        dataset.items = content.items.count
        dataset.interactions = content.interactions.count
        try BundleValidation.checkShapes(content, dataset, geometry)
        var manifest = BundleManifest(
            formatVersion: BundleManifest.currentFormatVersion, name: name, version: "",
            created: Date(timeIntervalSince1970: created.timeIntervalSince1970.rounded(.down)), contentHash: "",
            gitRevision: gitRevision, dataset: dataset, geometry: geometry, hyperparameters: hyperparameters,
            metrics: metrics, singularValues: singularValues,
            coldItems: content.itemVectors.zeroRows().map { content.items[$0].id },
            itemsWithoutSimilarity: content.similarity.zeroRows().map { content.items[$0].id },
            coldUsers: content.userVectors.zeroRows().map { content.users[$0].id },
            files: [:])
        manifest.files = try content.encoded().mapValues(\.entry)
        manifest.contentHash = try manifest.computedContentHash()
        manifest.version = version ?? String(manifest.contentHash.prefix(12))
        try BundleValidation.check(content, against: manifest)
        self.init(manifest: manifest, content: content)
    }

    package var content: Content {
        Content(
            items: items, users: users, interactions: interactions, itemVectors: itemVectors,
            similarity: similarity, userVectors: userVectors, encoder: encoder, genreRows: genreRows,
            ratingHead: ratingHead)
    }

    /// Ids whose recommendation vector, similarity vector or user vector must be NULL in the database.
    package var coldItems: [Int32] { manifest.coldItems }
    package var itemsWithoutSimilarity: [Int32] { manifest.itemsWithoutSimilarity }
    package var coldUsers: [Int32] { manifest.coldUsers }
}
