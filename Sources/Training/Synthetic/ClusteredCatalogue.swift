import Foundation
package import ModelBundle
import MovieLens

/// A bundle of any size whose vectors are drawn, not learned: what loading, indexing and serving are measured on.
///
/// Items lie in clusters of very different sizes and widths, wide enough to run into each other, with most of their spread
/// in the first coordinates, as learned vectors have it: evenly spread noise would make an index look worse than it is,
/// tight balls better. Users are encoded from what they have seen, as after a training. The same sizes and seed give the
/// same data on every machine: nothing but sums, products and square roots is computed.
package struct ClusteredCatalogue: Sendable, Equatable {
    package let items: Int
    package let users: Int
    package let dimensions: Int
    package let seed: UInt64

    /// One for each genre, one for the augmentation, and some for the clusters.
    package static let fewestDimensions = GenreShares.count + 1 + 4

    /// - Throws: `MovieLensError` when a size does not fit the ids, an index or what users are to have seen.
    package init(items: Int, users: Int, dimensions: Int, seed: UInt64) throws {
        let limit = 100_000_000
        let leastItems = 2 * ItemHistory.longest
        guard (leastItems...limit).contains(items), (0...limit).contains(users),
            (Self.fewestDimensions...ImportedModel.maximumDimensions).contains(dimensions)
        else {
            throw MovieLensError(
                .impossibleSize, file: "generated",
                reason:
                    "\(items) items, \(users) users, \(dimensions) dimensions: there are \(leastItems)…\(limit) items, "
                    + "up to \(limit) users and \(Self.fewestDimensions)…\(ImportedModel.maximumDimensions) dimensions")
        }
        self.items = items
        self.users = users
        self.dimensions = dimensions
        self.seed = seed
    }

    /// Says all that the data depends on; a checksum of it is a checksum of the data.
    package var recipe: String {
        "ClusteredCatalogue 1 items=\(items) users=\(users) dimensions=\(dimensions) seed=\(seed)"
    }

    /// Draws the bundle. O(items · dimensions).
    ///
    /// - Parameter name: of the bundle.
    package func bundle(name: String, version: String? = nil, gitRevision: String? = nil) throws(BundleError)
        -> ModelBundle
    {
        let clusters = ItemCluster.draw(
            max(8, Int(Double(items).squareRoot())), coordinates: dimensions - GenreShares.count - 1, seed: seed)
        let drawn = DrawnItems(count: items, clusters: clusters, seed: seed)
        let vectors = DrawnVectors(drawn, clusters: clusters, dimensions: dimensions, seed: seed)
        let histories = ItemHistory.draw(users: users, drawn, clusters: clusters, seed: seed)
        return try ModelBundle(
            name: name, version: version, gitRevision: gitRevision,
            dataset: .init(
                name: "clustered", checksum: Checksum.sha256(Data(recipe.utf8)), users: users, items: items,
                interactions: histories.reduce(0) { $0 + $1.entries.count }, synthetic: true),
            geometry: vectors.geometry,
            content: ModelBundle.Content(
                items: drawn.catalogue, users: (0..<users).map { CatalogueUser(id: Int32($0 + 1)) },
                interactions: histories.flatMap(\.interactions), itemVectors: vectors.itemVectors,
                similarity: vectors.similarity, userVectors: vectors.userVectors(histories), encoder: vectors.encoder,
                genreRows: vectors.genreRows))
    }
}
