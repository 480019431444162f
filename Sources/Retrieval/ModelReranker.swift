import ModelBundle

/// Orders a user's candidates by what the user would like: the learned re-rank, in memory.
struct ModelReranker: Sendable {
    let predictor: RatingPredictor
    private let seen: SeenLists
    /// Parallel to the rows of `seen`.
    let values: [Float]
    let memberships: Memberships

    init(predictor: RatingPredictor, seen: SeenLists, values: [Float], memberships: Memberships) {
        self.predictor = predictor
        self.seen = seen
        self.values = values
        self.memberships = memberships
    }

    /// The best `count` of an answer's results by what the user would like, ties by id.
    ///
    /// O(history · dimensions + results · (lists + features²)).
    ///
    /// - Parameters:
    ///   - answer: the user's nearest items.
    ///   - user: the user's row.
    func reranked(_ answer: Answer, of user: Int32, count: Int, in snapshot: Snapshot) -> Answer {
        let rows = answer.results.map { Int(snapshot.itemRows[$0.item.id]!) }
        let places = Dictionary(uniqueKeysWithValues: zip(rows, answer.results.indices))
        let results = ranked(rows, for: user).prefix(count).map { candidate in
            var result = answer.results[places[candidate.item]!]
            result.predictedRating = candidate.appeal.rating
            return result
        }
        return Answer(
            generation: answer.generation, source: answer.source, requested: count, isDegraded: answer.isDegraded,
            results: results, isReranked: true, expectedRecall: answer.expectedRecall)
    }

    private func ranked(_ items: [Int], for user: Int32) -> [RatingPredictor.Candidate] {
        let history = zip(seen[user], values[seen.range(of: user)]).map {
            RatingPredictor.Rated(row: Int($0), value: $1)
        }
        return predictor.reranked(items, for: predictor.profile(history, groups: memberships[user]))
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
