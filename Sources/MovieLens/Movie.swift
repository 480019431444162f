/// A row of `u.item`.
package struct Movie: Sendable, Equatable {
    package let id: Int32
    /// As in the file, with the year in parentheses and any blank at its end.
    package let title: String
    /// Nil for a movie nobody knows (`unknown`, id 267).
    package let releaseDate: CivilDate?
    package let imdbURL: String?
    /// Names in the order of `u.genre`; the genre `unknown` is the lack of one and is left out.
    package let genres: [String]

    package init(id: Int32, title: String, releaseDate: CivilDate?, imdbURL: String?, genres: [String]) {
        self.id = id
        self.title = title
        self.releaseDate = releaseDate
        self.imdbURL = imdbURL
        self.genres = genres
    }
}
