/// The names of a bundle's files.
package enum BundleFile {
    package static let manifest = "manifest.json"
    package static let items = "items.jsonl"
    package static let users = "users.jsonl"
    package static let interactions = "interactions.bin"
    package static let itemVectors = "item_vectors.f32"
    package static let similarity = "similarity.f32"
    package static let userVectors = "user_vectors.f32"
    package static let encoder = "encoder.f32"
    package static let genreRows = "genre_rows.f32"

    /// Only in a bundle that predicts ratings.
    package static let ratingHead = "rating_head.json"
    package static let ratingItems = "rating_items.f32"
    package static let ratingNeighbors = "rating_neighbors.bin"

    /// The three files of the head.
    package static let head = [ratingHead, ratingItems, ratingNeighbors]

    /// All but the manifest and the head.
    package static let content = [
        items, users, interactions, itemVectors, similarity, userVectors, encoder, genreRows,
    ]
}
