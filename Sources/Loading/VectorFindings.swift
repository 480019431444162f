import Kernels
package import ModelBundle

/// What is odd about a bundle's vectors, though nothing is wrong with it.
package struct VectorFindings: Sendable, Equatable, Encodable {
    package struct IDs: Sendable, Equatable, Encodable {
        /// For a line that people read.
        private static let shown = 5

        package let count: Int
        /// The lowest few.
        package let first: [Int32]

        /// - Parameter ids: ascending.
        init(_ ids: some Collection<Int32>) {
            count = ids.count
            first = Array(ids.prefix(Self.shown))
        }

        fileprivate func line(_ one: String, _ many: String) -> String? {
            guard count > 0 else { return nil }
            let examples = first.map(String.init).joined(separator: ", ")
            return "\(count) \(count == 1 ? one : many): \(examples)\(count > first.count ? ", …" : "")"
        }
    }

    /// Items that are never recommended, because nobody has rated them.
    package let coldItems: IDs
    /// Items for which popular ones are answered instead of similar ones.
    package let itemsWithoutSimilarity: IDs
    /// Users who are recommended popular items.
    package let usersWithoutVector: IDs
    /// Items whose recommendation vector is exactly another's too: which of them comes first says nothing.
    package let sameRecommendationVector: IDs
    /// Items whose similarity vector is exactly another's too, at distance 0.
    package let sameSimilarityVector: IDs

    /// O(n log n) in the items, besides reading each vector once.
    package init(_ bundle: ModelBundle) {
        coldItems = IDs(bundle.coldItems)
        itemsWithoutSimilarity = IDs(bundle.itemsWithoutSimilarity)
        usersWithoutVector = IDs(bundle.coldUsers)
        let isTwin = { (matrix: FloatMatrix) in IDs(matrix.repeatedRows().map { bundle.items[$0].id }) }
        sameRecommendationVector = isTwin(bundle.itemVectors)
        sameSimilarityVector = isTwin(bundle.similarity)
    }

    /// For people; empty when there is nothing to say.
    package var lines: [String] {
        [
            coldItems.line(
                "item has no recommendation vector and is never recommended",
                "items have no recommendation vector and are never recommended"),
            itemsWithoutSimilarity.line(
                "item has no similarity vector; popular items are answered for it",
                "items have no similarity vector; popular items are answered for them"),
            usersWithoutVector.line(
                "user has no vector and is recommended popular items",
                "users have no vector and are recommended popular items"),
            sameRecommendationVector.line(
                "item has the recommendation vector of another", "items have the same recommendation vector as another"),
            sameSimilarityVector.line(
                "item has the similarity vector of another", "items have the same similarity vector as another"),
        ].compactMap(\.self)
    }
}
