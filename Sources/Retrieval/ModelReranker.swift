import ModelBundle

/// Orders a user's candidates by what the user would like: the learned re-rank, in memory.
struct ModelReranker: Sendable {
    let predictor: RatingPredictor
    let memberships: Memberships

    /// The best `count` of an answer's results by what the user would like, ties by id; behind those that are ordered so,
    /// of which there are `RatingPredictor.rerankedItems` at most, the others come as they are.
    ///
    /// O(history · dimensions + results · (lists + features²)).
    ///
    /// - Parameters:
    ///   - answer: the user's nearest items.
    ///   - user: the user's row; nil for one that the generation has not.
    func reranked(
        _ answer: Answer, of user: Int32?, _ history: FoldedHistory, count: Int, in snapshot: Snapshot
    ) -> Answer {
        let groups = user.map { memberships[$0] } ?? []
        let profile = predictor.profile(history.rated, groups: groups)
        let near = answer.results.prefix(RatingPredictor.rerankedItems)
        let rows = near.map { Int(snapshot.itemRows[$0.item.id]!) }
        let places = Dictionary(uniqueKeysWithValues: zip(rows, near.indices))
        let ordered = predictor.reranked(rows, for: profile).map { candidate in
            var result = answer.results[places[candidate.item]!]
            result.predictedRating = candidate.appeal.rating
            return result
        }
        let results = (ordered + answer.results.dropFirst(near.count)).prefix(count)
        var reranked = answer.with(Array(results), requested: count)
        reranked.isReranked = true
        return reranked
    }

    /// The groups each user belongs to. Few combinations occur, so a user costs four bytes.
    struct Memberships: Sendable {
        private(set) var combinations: [[Int]] = []
        private var places: [[Int]: Int32] = [:]
        /// For each user row a place in `combinations`.
        private(set) var byUser: [Int32] = []

        init() {}

        init(combinations: [[Int]], byUser: [Int32]) {
            self.combinations = combinations
            self.byUser = byUser
            places = Dictionary(
                uniqueKeysWithValues: combinations.enumerated().map { ($0.element, Int32($0.offset)) })
        }

        /// Adds the next user row.
        mutating func append(_ groups: [Int]) {
            let place = places[groups] ?? Int32(combinations.count)
            if Int(place) == combinations.count {
                places[groups] = place
                combinations.append(groups)
            }
            byUser.append(place)
        }

        subscript(user: Int32) -> [Int] { combinations[Int(byUser[Int(user)])] }
    }
}
