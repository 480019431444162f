import Hummingbird
import Retrieval

/// The checked parameters of `GET /v1/movies`.
struct CatalogueParameters {
    private static let known = [
        "query", "ids", "genre", "year_from", "year_to", "sort", "cursor", "limit", "facets",
    ]
    private static let longestQuery = 200
    private static let longestCursor = 100

    private enum Sort: String, CaseIterable { case id, popular }

    let query: CatalogueQuery

    init(_ request: Request) throws {
        let parameters = try RequestParameters(request, known: Self.known)
        var query = CatalogueQuery(filter: try SearchQuery.filter(parameters))
        query.words = try parameters.text("query", most: Self.longestQuery).map { TitleWords.words(of: $0) }
        query.asked = try SearchQuery.ids(parameters).map(Self.withoutRepetition)
        query.order = try Self.order(parameters, query)
        // All that are asked for come in one answer, unless it is asked for in parts.
        query.count =
            try parameters.int("limit", in: 1...100) ?? (query.order == .asked ? query.asked?.count ?? 20 : 20)
        query.wantsFacets = try parameters.bool("facets", default: false)
        query.cursor = try Self.cursor(parameters, order: query.order)
        self.query = query
    }

    private static func order(
        _ parameters: RequestParameters, _ query: CatalogueQuery
    ) throws -> CatalogueQuery.Order {
        let sort: Sort = try parameters.choice("sort", default: .id)
        guard query.words != nil || query.asked != nil else { return sort == .id ? .id : .popular }
        guard !parameters.has("sort") else {
            throw Problem.invalidParameter(
                "sort", "'sort' is for a list: what 'query' finds comes best first, and 'ids' in the order given")
        }
        return query.words == nil ? .asked : .relevance
    }

    private static func cursor(
        _ parameters: RequestParameters, order: CatalogueQuery.Order
    ) throws -> CatalogueCursor? {
        guard let text = try parameters.text("cursor", most: longestCursor) else { return nil }
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
