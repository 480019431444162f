import Retrieval

/// A page of `GET /v1/movies`.
struct CatalogueBody: Encodable {
    struct Movie: Encodable {
        let movieID: Int32
        let title: String
        let year: Int?
        let genres: [String]
        /// How the title fits `query`.
        let match: String?

        enum CodingKeys: String, CodingKey {
            case title, year, genres, match
            case movieID = "movie_id"
        }

        init(_ item: Item, match: TitleMatch? = nil) {
            movieID = item.id
            title = item.title
            year = item.year
            genres = item.tags
            self.match = match?.rawValue
        }
    }

    struct Genre: Encodable {
        let name: String
        let count: Int
    }

    struct Year: Encodable {
        let year: Int
        let count: Int
    }

    let generation: Int
    let source = AnswerSource.memory.rawValue
    let degraded: Bool
    let requested: Int
    let returned: Int
    let total: Int
    let results: [Movie]
    let nextCursor: String?
    let missing: [Int32]?
    let genres: [Genre]?
    let years: [Year]?

    enum CodingKeys: String, CodingKey {
        case generation, source, degraded, requested, returned, total, results, missing, genres, years
        case nextCursor = "next_cursor"
    }

    init(_ page: CataloguePage) {
        generation = page.generation
        degraded = page.isDegraded
        requested = page.requested
        returned = page.results.count
        total = page.total
        results = page.results.map { Movie($0.item, match: $0.match) }
        nextCursor = page.next?.text
        missing = page.missing
        genres = page.facets?.tags.map { Genre(name: $0.name, count: $0.count) }
        years = page.facets?.years.map { Year(year: $0.year, count: $0.count) }
    }
}
