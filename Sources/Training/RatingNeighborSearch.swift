import ModelBundle

/// Finds each item's nearest others, item by item: never an items² matrix.
///
/// O(Σ n_u²) with n_u bounded by `ratingsPerUser`, plus O(items · neighbours²) for the second order.
struct RatingNeighborSearch {
    private let items: Int
    private let count: Int
    private let correlationShrinkage: Double
    private let itemCounts: [Int]
    /// Selected entries ordered by user, then item; `userStarts` has one more place than there are users.
    private let byUser: [Mark]
    private let userStarts: [Int]
    /// The users of each item and their residuals, by item.
    private let byItem: [Mark]
    private let itemStarts: [Int]

    /// The other side of a rating, and its residual.
    private struct Mark {
        var index: Int32
        var residual: Double
    }

    private static let parts = 16

    init(_ ratings: RatingMatrix, _ residuals: RatingResiduals, _ parameters: RatingHeadParameters) {
        items = ratings.items
        count = max(1, min(parameters.neighbors, ratings.items - 1))
        correlationShrinkage = parameters.correlationShrinkage
        itemCounts = ratings.itemCounts
        var marks: [Mark] = []
        var starts = [0]
        var users: [Int32] = []
        for (user, range) in ratings.ranges.enumerated() {
            let step = max(1, (range.count + parameters.ratingsPerUser - 1) / parameters.ratingsPerUser)
            for entry in stride(from: range.lowerBound, to: range.upperBound, by: step) {
                marks.append(Mark(index: Int32(ratings.entries[entry].item), residual: residuals.values[entry]))
                users.append(Int32(user))
            }
            starts.append(marks.count)
        }
        byUser = marks
        userStarts = starts
        var itemStarts = [Int](repeating: 0, count: items + 1)
        for mark in marks { itemStarts[Int(mark.index) + 1] += 1 }
        for item in 0..<items { itemStarts[item + 1] += itemStarts[item] }
        var next = itemStarts
        var byItem = [Mark](repeating: Mark(index: 0, residual: 0), count: marks.count)
        for (mark, user) in zip(marks, users) {
            byItem[next[Int(mark.index)]] = Mark(index: user, residual: mark.residual)
            next[Int(mark.index)] += 1
        }
        self.byItem = byItem
        self.itemStarts = itemStarts
    }

    func neighbors() -> RatingNeighbors {
        typealias Neighbor = RatingNeighbors.Neighbor
        let first = perItem { item, scratch in direct(item, &scratch) }
        let coRated = first.map { $0[0] }
        var second = perItem { item, scratch in [twoSteps(item, coRated, &scratch)] }
        let largest = second.reduce(Float(0)) { $1[0].reduce($0) { max($0, $1.similarity) } }
        if largest > 0 {
            for item in second.indices {
                for place in second[item][0].indices { second[item][0][place].similarity /= largest }
            }
        }
        var all: [Neighbor] = []
        all.reserveCapacity(items * RatingNeighbors.Kind.allCases.count * count)
        for item in 0..<items {
            // In the order of RatingNeighbors.Kind.
            for list in [coRated[item], second[item][0], first[item][1]] {
                all.append(contentsOf: list)
                all.append(contentsOf: repeatElement(.none, count: count - list.count))
            }
        }
        return RatingNeighbors(items: items, count: count, all: all)
    }

    /// Lists by item; the items are dealt out in turn, for the popular ones often stand together.
    private func perItem(
        _ body: @Sendable (Int, inout Scratch) -> [[RatingNeighbors.Neighbor]]
    ) -> [[[RatingNeighbors.Neighbor]]] {
        let parts = RatingNeighborSearch.parts
        let dealt = Parallel.map(parts) { part in
            var scratch = Scratch(items: items)
            return stride(from: part, to: items, by: parts).map { body($0, &scratch) }
        }
        return (0..<items).map { dealt[$0 % parts][$0 / parts] }
    }

    /// Sums over the items that have been met, and which those are.
    private struct Scratch {
        struct Sums {
            var common = 0.0
            var product = 0.0
            var own = 0.0
            var other = 0.0
        }

        var sums: [Sums]
        /// Of the second order, which needs one number only: a quarter of the memory that random access crosses.
        var products: [Double]
        var met: [Int32] = []
        var similarities: [Float] = []
        var ordered: [Float] = []

        init(items: Int) {
            sums = [Sums](repeating: Sums(), count: items)
            products = [Double](repeating: 0, count: items)
        }
    }

    /// The co-rated list (cosine) and the agreeing one (shrunken correlation of residuals, where positive).
    private func direct(_ item: Int, _ scratch: inout Scratch) -> [[RatingNeighbors.Neighbor]] {
        defer { forget(&scratch) }
        for own in byItem[itemStarts[item]..<itemStarts[item + 1]] {
            let user = Int(own.index)
            for other in byUser[userStarts[user]..<userStarts[user + 1]] where other.index != item {
                let index = Int(other.index)
                if scratch.sums[index].common == 0 { scratch.met.append(other.index) }
                scratch.sums[index].common += 1
                scratch.sums[index].product += own.residual * other.residual
                scratch.sums[index].own += own.residual * own.residual
                scratch.sums[index].other += other.residual * other.residual
            }
        }
        scratch.met.sort()
        let ownCount = Double(itemCounts[item])
        let coRated = nearest(&scratch) { scratch, index in
            scratch.sums[index].common / (ownCount * Double(itemCounts[index])).squareRoot()
        }
        let agreeing = nearest(&scratch) { scratch, index in
            let sums = scratch.sums[index]
            return sums.product / (sums.own * sums.other + 1e-9).squareRoot() * sums.common
                / (sums.common + correlationShrinkage)
        }
        return [coRated, agreeing]
    }

    /// Σ_j C_ij C_jk over the lists already cut to their length.
    private func twoSteps(
        _ item: Int, _ coRated: [[RatingNeighbors.Neighbor]], _ scratch: inout Scratch
    ) -> [RatingNeighbors.Neighbor] {
        defer { forget(&scratch) }
        for step in coRated[item] {
            for end in coRated[Int(step.row)] where end.row != item {
                let index = Int(end.row)
                if scratch.products[index] == 0 { scratch.met.append(end.row) }
                scratch.products[index] += Double(step.similarity) * Double(end.similarity)
            }
        }
        scratch.met.sort()
        return nearest(&scratch) { scratch, index in scratch.products[index] }
    }

    /// The `count` largest positive similarities by ascending row; of equal ones the lower rows.
    private func nearest(
        _ scratch: inout Scratch, _ similarity: (Scratch, Int) -> Double
    ) -> [RatingNeighbors.Neighbor] {
        scratch.similarities.removeAll(keepingCapacity: true)
        scratch.ordered.removeAll(keepingCapacity: true)
        for row in scratch.met {
            let value = Float(similarity(scratch, Int(row)))
            scratch.similarities.append(value)
            if value > 0 { scratch.ordered.append(value) }
        }
        var floor: Float = 0
        var ties = 0
        if scratch.ordered.count > count {
            scratch.ordered.sort(by: >)
            floor = scratch.ordered[count - 1]
            ties = count - scratch.ordered.count { $0 > floor }
        }
        var list: [RatingNeighbors.Neighbor] = []
        list.reserveCapacity(count)
        for (row, value) in zip(scratch.met, scratch.similarities) where value > 0 && value >= floor {
            if value == floor {
                guard ties > 0 else { continue }
                ties -= 1
            }
            list.append(.init(row: row, similarity: value))
        }
        return list
    }

    private func forget(_ scratch: inout Scratch) {
        for row in scratch.met {
            scratch.sums[Int(row)] = Scratch.Sums()
            scratch.products[Int(row)] = 0
        }
        scratch.met.removeAll(keepingCapacity: true)
    }
}
