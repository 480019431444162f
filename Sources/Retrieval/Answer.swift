/// Where an answer comes from.
package enum AnswerSource: String, Sendable {
    case cache
    /// PostgreSQL chose the candidates; memory ranked them exactly.
    case pgvector
    /// Exact scan in memory.
    case memory
}

/// Why an item is in an answer.
package enum ResultSource: String, Sendable {
    /// Its vector is near the query's.
    case vector
    /// The query has no vector; the item is popular.
    case popular
}

/// The nearest items to a query, best first.
package struct Answer: Sendable, Equatable {
    package struct Result: Sendable, Equatable {
        package let item: Item
        /// L2 distance to the query; nil where the item was not found by distance.
        package let distance: Double?
        /// What the model makes of the pair: inner product with the user, cosine with the item.
        package let score: Double?
        package let source: ResultSource
        /// In stars; nil where the answer is not re-ranked by it.
        package var predictedRating: Double?
    }

    package let generation: Int
    package let source: AnswerSource
    package private(set) var requested: Int
    /// The database was to answer and could not; memory did.
    package let isDegraded: Bool
    package private(set) var results: [Result]
    /// The learned re-rank has ordered it.
    package var isReranked = false
    /// The recall that a search like this one was measured to reach, where the request asked for a recall.
    package var expectedRecall: Double?
    /// Better results, which are on the pages before; nil where it is no page of a longer list.
    package private(set) var offset: Int?
    /// Where the next page begins; nil where there is none.
    package private(set) var nextOffset: Int?

    /// The greatest offset that a page may have.
    package static let greatestOffset = 1000

    /// A page of this list, which has one result more than the page needs, if there is one.
    func page(from offset: Int, count: Int) -> Answer {
        var page = with(Array(results.dropFirst(offset).prefix(count)), requested: count)
        let end = offset + count
        page.offset = offset
        page.nextOffset = end < results.count && end <= Self.greatestOffset ? end : nil
        return page
    }

    /// The same answer with results that were chosen from its own.
    func with(_ results: [Result], requested: Int) -> Answer {
        var answer = self
        (answer.results, answer.requested) = (results, requested)
        return answer
    }
}
