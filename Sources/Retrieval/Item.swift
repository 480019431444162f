/// What an answer says about an item.
package struct Item: Sendable, Equatable {
    package let id: Int32
    package let title: String
    /// Of the item itself; `released` may be of a later release.
    package let year: Int?
    /// ISO 8601 date.
    package let released: String?
    package let tags: [String]
}
