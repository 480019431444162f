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

    /// All but the manifest.
    package static let content = [
        items, users, interactions, itemVectors, similarity, userVectors, encoder, genreRows,
    ]
}
