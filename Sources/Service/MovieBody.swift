import Retrieval

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
