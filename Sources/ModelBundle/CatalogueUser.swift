/// Someone who can be answered.
package struct CatalogueUser: Codable, Sendable, Equatable {
    package var id: Int32
    /// What a catalogue knows, such as `age`, `gender`, `occupation`, `zip_code`.
    package var attributes: [String: String]

    package init(id: Int32, attributes: [String: String] = [:]) {
        self.id = id
        self.attributes = attributes
    }
}
