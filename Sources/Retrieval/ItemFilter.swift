/// Which items may be in an answer.
package struct ItemFilter: Sendable, Hashable {
    /// In lower case, sorted; an item needs one of them. Empty where it needs none.
    package let tags: [String]
    /// Of the item itself, both ends included; an item without a year is in no range.
    package let years: ClosedRange<Int>?
    /// Ascending; nil where any item will do.
    package let ids: [Int32]?
    /// Left out; ascending.
    package let excludedIDs: [Int32]

    /// Nil where every item may be in the answer. What differs in order, case or repetition only is the same filter.
    package init?(
        tags: [String] = [], years: ClosedRange<Int>? = nil, ids: [Int32]? = nil, excluding excludedIDs: [Int32] = []
    ) {
        guard !tags.isEmpty || years != nil || ids != nil || !excludedIDs.isEmpty else { return nil }
        self.tags = Set(tags.map { $0.lowercased() }).sorted()
        self.years = years
        self.ids = ids.map { Set($0).sorted() }
        self.excludedIDs = Set(excludedIDs).sorted()
    }

    /// Whether it says which items there may be, and not only which there may not.
    package var selects: Bool { !tags.isEmpty || years != nil || ids != nil }
}
