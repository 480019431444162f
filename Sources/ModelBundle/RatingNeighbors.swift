/// For each item three lists of other items and how near they are: `RatingNeighbors.Kind`.
package struct RatingNeighbors: Sendable, Equatable {
    package enum Kind: Int, Sendable, CaseIterable {
        /// Cosine of who rated them.
        case coRated
        /// Two such steps, for pairs that few users rated both of; the largest is 1.
        case secondOrder
        /// Correlation of the ratings' residuals, where positive.
        case agreeing
    }

    package struct Neighbor: Sendable, Equatable {
        /// The item's row; −1 where a list is shorter than `count`.
        package var row: Int32
        package var similarity: Float

        package init(row: Int32, similarity: Float) {
            self.row = row
            self.similarity = similarity
        }

        package static let none = Neighbor(row: -1, similarity: 0)
    }

    package let items: Int
    /// The length of a list.
    package let count: Int
    /// items × kinds × count; a list ascends by row, then come its blanks.
    package let all: [Neighbor]

    package init(items: Int, count: Int, all: [Neighbor]) {
        precondition(all.count == items * Kind.allCases.count * count)
        self.items = items
        self.count = count
        self.all = all
    }

    /// The positions of one list in `all`.
    package func range(_ kind: Kind, of item: Int) -> Range<Int> {
        let start = (item * Kind.allCases.count + kind.rawValue) * count
        return start..<start + count
    }
}
