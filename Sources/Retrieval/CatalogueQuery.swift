/// What is asked of the catalogue itself.
package struct CatalogueQuery: Sendable {
    package enum Order: String, Sendable {
        case id
        case popular
        /// By how well titles fit what is looked for.
        case relevance
        /// In which the ids were given.
        case asked
    }

    /// Words that titles are looked for by, the last one perhaps only begun; nil for none.
    package var words: [String]?
    package var filter: ItemFilter?
    /// The filter's ids, as they were given.
    package var asked: [Int32]?
    package var order: Order
    /// Where the page before ended.
    package var cursor: CatalogueCursor?
    package var count: Int
    package var wantsFacets: Bool

    package init(
        words: [String]? = nil, filter: ItemFilter? = nil, asked: [Int32]? = nil, order: Order = .id,
        cursor: CatalogueCursor? = nil, count: Int = 20, wantsFacets: Bool = false
    ) {
        self.words = words
        self.filter = filter
        self.asked = asked
        self.order = order
        self.cursor = cursor
        self.count = count
        self.wantsFacets = wantsFacets
    }
}
