/// Something that can be an answer.
package struct CatalogueItem: Codable, Sendable, Equatable {
    package var id: Int32
    package var title: String
    /// `YYYY-MM-DD`; nil when unknown.
    package var released: String?
    /// Genres.
    package var tags: [String]
    /// What else a catalogue knows, such as `imdb_url`.
    package var attributes: [String: String]

    package init(
        id: Int32, title: String, released: String? = nil, tags: [String] = [], attributes: [String: String] = [:]
    ) {
        self.id = id
        self.title = title
        self.released = released
        self.tags = tags
        self.attributes = attributes
    }
}
