import Hummingbird
import Retrieval

/// The checked parameters of a search.
struct SearchQuery {
    private static let known = ["k", "engine", "exact", "rerank", "ef_search", "oversampling"]

    let request: SearchRequest
    let deadline: ContinuousClock.Instant

    /// - Parameter id: of the item or the user that is asked about.
    init(
        _ request: Request, _ route: RetrievalMetrics.Route, of id: Int32, defaultDeadlineMilliseconds: Int
    ) throws {
        let parameters = try RequestParameters(request, known: Self.known)
        let count = try parameters.int("k", default: 10, in: 1...100)
        deadline = try parameters.deadline(defaultMilliseconds: defaultDeadlineMilliseconds)
        var options = SearchOptions()
        options.engine = try parameters.choice("engine", default: options.engine)
        options.isExact = try parameters.bool("exact", default: options.isExact)
        options.rerank = try parameters.choice("rerank", default: options.rerank)
        options.efSearch = try parameters.int("ef_search", in: 1...1000)
        options.oversampling = try parameters.int("oversampling", in: 1...50)
        if options.engine == .memory || options.isExact {
            for (name, value) in [("ef_search", options.efSearch), ("oversampling", options.oversampling)]
            where value != nil {
                throw Problem.invalidParameter(
                    name, "'\(name)' is for an index: leave it away with engine=memory and exact=true")
            }
        }
        self.request = SearchRequest(route, of: id, count: count, options: options)
    }
}
