import NIOCore
import Retrieval

/// The envelope of every list of results.
struct AnswerBody: Encodable {
    struct Result: Encodable {
        let movieID: Int32
        let title: String
        let year: Int?
        let genres: [String]
        let rank: Int
        let distance: Double?
        let score: Double?
        let source: String

        enum CodingKeys: String, CodingKey {
            case movieID = "movie_id"
            case title, year, genres, rank, distance, score, source
        }
    }

    let generation: Int
    let source: String
    let requested: Int
    let returned: Int
    let degraded: Bool
    let results: [Result]

    init(_ answer: Answer, source: AnswerSource) {
        generation = answer.generation
        self.source = source.rawValue
        requested = answer.requested
        returned = answer.results.count
        degraded = answer.isDegraded
        results = answer.results.enumerated().map { position, result in
            Result(
                movieID: result.item.id, title: result.item.title, year: result.item.year, genres: result.item.tags,
                rank: position + 1, distance: result.distance, score: result.score, source: result.source.rawValue)
        }
    }

    /// The answer as it goes out now, and as the cache will repeat it. What memory said in the database's place is
    /// not kept.
    static func entry(_ answer: Answer) throws -> AnswerCache<ByteBuffer>.Entry {
        let fresh = try JSONBody.encode(AnswerBody(answer, source: answer.source))
        guard !answer.isDegraded else { return .init(fresh: fresh, cached: nil) }
        return .init(fresh: fresh) {
            let body = try JSONBody.encode(AnswerBody(answer, source: .cache))
            return (body, body.readableBytes)
        }
    }
}

/// One movie.
struct MovieBody: Encodable {
    let generation: Int
    let movieID: Int32
    let title: String
    let year: Int?
    let releaseDate: String?
    let genres: [String]

    enum CodingKeys: String, CodingKey {
        case generation, title, year, genres
        case movieID = "movie_id"
        case releaseDate = "release_date"
    }

    init(_ item: Item, generation: Int) {
        self.generation = generation
        movieID = item.id
        title = item.title
        year = item.year
        releaseDate = item.released
        genres = item.tags
    }
}
