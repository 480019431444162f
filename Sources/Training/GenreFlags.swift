import MovieLens

/// items × genres: 1 where a movie has the genre.
enum GenreFlags {
    static func matrix(_ movies: [Movie], genres: [String]) -> Matrix {
        let column = Dictionary(uniqueKeysWithValues: zip(genres, genres.indices))
        var flags = Matrix(rows: movies.count, columns: genres.count)
        for (row, movie) in movies.enumerated() {
            for genre in movie.genres { flags[row, column[genre]!] = 1 }
        }
        return flags
    }
}
