import Hummingbird
import Retrieval

/// The checked parameters of a search.
struct SearchQuery {
    static func known(_ route: RetrievalMetrics.Route) -> [String] {
        [
            "k", "offset", "engine", "exact", "rerank", "ef_search", "probes", "oversampling", "recall_target", "genre",
            "year_from", "year_to", "ids", "exclude", "diversity", "explain",
        ] + (route == .recommendations ? ["seen"] : [])
    }

    /// As many ids as fit the target of any client.
    private static let mostIDs = 1000

    let request: SearchRequest
    let deadline: ContinuousClock.Instant
    /// Whether the client wants to know how the answer came about.
    let isExplained: Bool

    /// - Parameter id: of the item or the user that is asked about.
    init(
        _ request: Request, _ route: RetrievalMetrics.Route, of id: Int32, defaultDeadlineMilliseconds: Int
    ) throws {
        let search = SearchRequest(route, of: id)
        try self.init(
            try RequestParameters(request, known: Self.known(route)), search.subject, route,
            defaultDeadlineMilliseconds: defaultDeadlineMilliseconds)
    }

    init(
        _ parameters: RequestParameters, _ subject: SearchRequest.Subject, _ route: RetrievalMetrics.Route,
        defaultDeadlineMilliseconds: Int
    ) throws {
        let count = try parameters.int("k", default: 10, in: 1...100)
        deadline = try parameters.deadline(defaultMilliseconds: defaultDeadlineMilliseconds)
        var options = SearchOptions()
        options.filter = try Self.filter(parameters)
        if route == .recommendations {
            options.includesSeen = try parameters.choice("seen", default: Seen.exclude) == .include
        }
        // Candidates of which a filter drops most are worth more or less than a scan, depending on the filter.
        options.engine = try parameters.choice("engine", default: options.filter?.selects == true ? .auto : .pgvector)
        options.isExact = try parameters.bool("exact", default: options.isExact)
        options.rerank = try parameters.choice("rerank", default: options.rerank)
        options.efSearch = try parameters.int("ef_search", in: 1...1000)
        options.probes = try parameters.int("probes", in: 1...32_768)
        options.oversampling = try parameters.int("oversampling", in: 1...50)
        options.recallTarget = try parameters.double("recall_target", in: 0...1)
        options.diversity = try parameters.double("diversity", in: 0...1)
        isExplained = try parameters.bool("explain", default: false)
        let offset = try parameters.int("offset", in: 0...Answer.greatestOffset)
        if offset != nil {
            try Self.refuseWithOffset(options, isExplained: isExplained)
            Self.makeExact(&options, asksDatabase: parameters.has("engine") || options.isExact)
        }
        try Self.refuseContradictions(options)
        var search = SearchRequest(subject, count: count, options: options)
        search.offset = offset
        request = search
    }

    private enum Seen: String, CaseIterable { case exclude, include }

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
        let from = try parameters.int("year_from", in: 1...9999)
        let to = try parameters.int("year_to", in: 1...9999)
        if let from, let to, from > to {
            throw Problem.invalidParameter("year_from", "'year_from' is \(from), after 'year_to', which is \(to)")
        }
        let years = from == nil && to == nil ? nil : (from ?? 1)...(to ?? 9999)
        return ItemFilter(
            tags: try parameters.list("genre") ?? [], years: years,
            ids: try ids(parameters),
            excluding: try parameters.ids("exclude", most: mostIDs) ?? [])
    }

    static func ids(_ parameters: RequestParameters) throws -> [Int32]? {
        try parameters.ids("ids", most: mostIDs)
    }
}
