import Kernels
import ModelBundle

/// A head for `SmallBundle`: item 4 has no ratings, each item has one neighbour at most.
enum SmallHead {
    static let names = ["gender=F", "occupation=writer"]

    /// - Parameter weights: by the names of the two features that are multiplied; 1 is the constant.
    static func make(weights: [(Int, Int, Double)] = [(one, one, 3.25)]) -> RatingHead {
        var all = [Double](repeating: 0, count: RatingFeatures.products)
        for (row, column, weight) in weights { all[position(row, column)] = weight }
        return RatingHead(
            constants: .init(
                lowest: 1, highest: 5, mean: 3, userShrinkage: 1, profileShrinkage: 1, yearDecay: 0.5, groups: names,
                featureMeans: [Double](repeating: 0, count: RatingFeatures.count),
                featureDeviations: [Double](repeating: 1, count: RatingFeatures.count), weights: all),
            items: FloatMatrix(
                rows: 4, columns: 6,
                values: [
                    0.5, 1, 1, 1994, 0.25, -0.5, -0.5, 0.7, 1, 1996, 0, 0, 0, 0.7, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0,
                ]),
            neighbors: RatingNeighbors(
                items: 4, count: 1,
                all: [
                    .init(row: 1, similarity: 0.5), .init(row: 2, similarity: 1), .init(row: 1, similarity: 0.7),
                    .init(row: 0, similarity: 0.5), .none, .init(row: 0, similarity: 0.7),
                    .none, .init(row: 0, similarity: 1), .none, .none, .none, .none,
                ]))
    }

    static let one = RatingFeatures.count

    private static func position(_ row: Int, _ column: Int) -> Int {
        (0..<row).reduce(0) { $0 + RatingFeatures.count + 1 - $1 } + column - row
    }

    static func bundle(_ head: RatingHead = make()) throws -> ModelBundle {
        var content = SmallBundle.content
        content.ratingHead = head
        return try SmallBundle.make(content: content)
    }
}
