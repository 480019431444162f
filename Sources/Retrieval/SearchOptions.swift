/// What a request may choose about its search.
package struct SearchOptions: Sendable, Hashable {
    package enum Engine: String, Sendable, CaseIterable {
        /// Candidates from PostgreSQL, by its index.
        case pgvector
        /// Exact scan of the vectors in memory.
        case memory
        /// Whichever was measured to be faster for this search.
        case auto
    }

    package enum Rerank: String, Sendable, CaseIterable {
        /// The order in which PostgreSQL gave the candidates.
        case none
        /// By exact single-precision distance.
        case distance
        /// By what the user would like: the distance and a predicted rating, weighed as training has learned.
        case model
    }

    package var engine = Engine.pgvector
    /// PostgreSQL compares with every vector instead of searching its index.
    package var isExact = false
    package var rerank = Rerank.distance
    /// HNSW candidates kept while searching, 1 to 1000; nil for what the service is set to.
    package var efSearch: Int?
    /// IVFFlat lists searched; nil for what the service is set to, or the generation was loaded with.
    package var probes: Int?
    /// Candidates asked for, as a multiple of the results wanted, 1 to 50; nil for what the service is set to.
    package var oversampling: Int?
    /// Nil where every item may be in the answer.
    package var filter: ItemFilter?
    /// Whether a user's recommendations may hold what the user has seen.
    package var includesSeen = false
    /// How much results should differ from each other, 0 to 1 (``Diversity``); nil for their nearness alone.
    package var diversity: Double?
    /// Recall wanted, 0 to 1: ``SearchPlanner`` finds the search that was measured to reach it. Nil for none.
    package var recallTarget: Double?
    /// Recall that this search was measured to reach; set where ``recallTarget`` was asked for.
    package internal(set) var expectedRecall: Double?

    package init() {}
}
