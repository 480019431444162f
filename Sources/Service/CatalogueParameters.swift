import Retrieval

/// The checked parameters of `GET /v1/movies`.
struct CatalogueParameters {
    enum Sort: String, CaseIterable { case id, popular }

    private static let standardLimit = 20

    private static let words = TextRule(
        name: "query", most: 200, says: "Words of a title; the last one may be only begun, and a typo is forgiven.")
    private static let sort = ChoiceRule<Sort>(name: "sort", standard: .id, says: "The order of a list.")
    private static let cursor = TextRule(name: "cursor", most: 100, says: "`next_cursor` of the page before.")
    private static let limit = WholeNumberRule(
        name: "limit", range: 1...100,
        says: "Movies on a page: \(standardLimit) where nothing is said, with `ids` all of them.")
    private static let facets = SwitchRule(
        name: "facets", says: "Also how many movies there are of each genre and year.")

    static let rules: [any ParameterRule] =
        [words] + SearchParameters.filters + [sort, cursor, limit, facets]

    let query: CatalogueQuery

    init(_ parameters: RequestParameters) throws {
        var query = CatalogueQuery(filter: try SearchQuery.filter(parameters))
        query.words = try parameters.text(Self.words).map { TitleWords.words(of: $0) }
        query.asked = try parameters.ids(SearchParameters.ids).map(Self.withoutRepetition)
        query.order = try Self.order(parameters, query)
        // All that are asked for come in one answer, unless it is asked for in parts.
        query.count =
            try parameters.int(Self.limit)
            ?? (query.order == .asked ? query.asked?.count ?? Self.standardLimit : Self.standardLimit)
        query.wantsFacets = try parameters.bool(Self.facets)
        query.cursor = try Self.cursor(parameters, order: query.order)
        self.query = query
    }

    private static func order(
        _ parameters: RequestParameters, _ query: CatalogueQuery
    ) throws -> CatalogueQuery.Order {
        guard query.words != nil || query.asked != nil else {
            return try parameters.choice(sort) == .popular ? .popular : .id
        }
        guard !parameters.has(sort) else {
            throw Problem.invalidParameter(
                "sort", "'sort' is for a list: what 'query' finds comes best first, and 'ids' in the order given")
        }
        return query.words == nil ? .asked : .relevance
    }

    private static func cursor(
        _ parameters: RequestParameters, order: CatalogueQuery.Order
    ) throws -> CatalogueCursor? {
        guard let text = try parameters.text(Self.cursor) else { return nil }
        guard let cursor = CatalogueCursor(text), cursor.isOf(order) else {
            throw Problem.invalidParameter(
                "cursor", "'cursor' must be the 'next_cursor' of an answer to the same question")
        }
        return cursor
    }

    private static func withoutRepetition(_ ids: [Int32]) -> [Int32] {
        var known: Set<Int32> = []
        return ids.filter { known.insert($0).inserted }
    }
}
