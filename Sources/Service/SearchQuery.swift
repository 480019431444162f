import Hummingbird
import Retrieval

/// The checked parameters of a search.
struct SearchQuery {
    private typealias Rules = SearchParameters

    let request: SearchRequest
    let deadline: ContinuousClock.Instant
    /// Whether the client wants to know how the answer came about.
    let isExplained: Bool

    init(
        _ parameters: RequestParameters, _ subject: SearchRequest.Subject, _ route: RetrievalMetrics.Route,
        defaultDeadlineMilliseconds: Int
    ) throws {
        let count = try parameters.int(Rules.count) ?? Rules.standardCount
        deadline = try parameters.deadline(defaultMilliseconds: defaultDeadlineMilliseconds)
        var options = SearchOptions()
        options.filter = try Self.filter(parameters)
        if route == .recommendations {
            options.includesSeen = try parameters.choice(Rules.seen) == .include
        }
        // Candidates of which a filter drops most are worth more or less than a scan, depending on the filter.
        options.engine = try parameters.choice(Rules.engine) ?? (options.filter?.selects == true ? .auto : .pgvector)
        options.isExact = try parameters.bool(Rules.exact)
        options.rerank = try parameters.choice(Rules.rerank) ?? options.rerank
        options.efSearch = try parameters.int(Rules.efSearch)
        options.probes = try parameters.int(Rules.probes)
        options.oversampling = try parameters.int(Rules.oversampling)
        options.recallTarget = try parameters.double(Rules.recallTarget)
        options.diversity = try parameters.double(Rules.diversity)
        isExplained = try parameters.bool(Rules.explain)
        let offset = try parameters.int(Rules.offset)
        if offset != nil {
            try Self.refuseWithOffset(options, isExplained: isExplained)
            Self.makeExact(&options, asksDatabase: parameters.has(Rules.engine) || options.isExact)
        }
        try Self.refuseContradictions(options)
        var search = SearchRequest(subject, count: count, options: options)
        search.offset = offset
        request = search
    }

    /// Pages continue each other only in an order that does not depend on how many results are asked for: the exact one.
    private static func makeExact(_ options: inout SearchOptions, asksDatabase: Bool) {
        if asksDatabase, options.engine == .pgvector { options.isExact = true } else { options.engine = .memory }
    }

    private static func refuseWithOffset(_ options: SearchOptions, isExplained: Bool) throws {
        if options.diversity != nil {
            throw Problem.invalidParameter(
                "diversity", "'diversity' chooses each result by all before it: leave it away with 'offset'")
        }
        if isExplained { throw Problem.invalidParameter("explain", "'explain' is of whole lists: leave 'offset' away") }
    }

    private static func refuseContradictions(_ options: SearchOptions) throws {
        if options.diversity != nil, options.rerank != .distance {
            throw Problem.invalidParameter(
                "diversity", "'diversity' chooses by distance: leave away 'rerank=\(options.rerank.rawValue)'")
        }
        let forIndex = [
            ("ef_search", options.efSearch), ("probes", options.probes), ("oversampling", options.oversampling),
        ]
        for (name, value) in forIndex where value != nil {
            if options.engine == .memory || options.isExact {
                throw Problem.invalidParameter(
                    name, "'\(name)' is for an index: leave it away with engine=memory, exact=true and offset")
            }
            if options.recallTarget != nil, name != "oversampling" {
                throw Problem.invalidParameter(
                    name, "'recall_target' chooses what '\(name)' would set: ask for one of them")
            }
        }
    }

    static func filter(_ parameters: RequestParameters) throws -> ItemFilter? {
        let from = try parameters.int(Rules.yearFrom)
        let to = try parameters.int(Rules.yearTo)
        if let from, let to, from > to {
            throw Problem.invalidParameter("year_from", "'year_from' is \(from), after 'year_to', which is \(to)")
        }
        let years = from == nil && to == nil ? nil : (from ?? 1)...(to ?? 9999)
        return ItemFilter(
            tags: try parameters.list(Rules.genre) ?? [], years: years, ids: try parameters.ids(Rules.ids),
            excluding: try parameters.ids(Rules.exclude) ?? [])
    }
}
