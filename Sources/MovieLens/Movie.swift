/// Something that is rated: a row of `u.item`, `movies.dat` or `movies.csv`, or an id that ratings name.
package struct Movie: Sendable, Equatable {
    package let id: Int32
    /// As in the file, with the year in parentheses and any blank at its end.
    package let title: String
    /// Nil for a movie nobody knows (`unknown`, id 267).
    package let releaseDate: CivilDate?
    package let imdbURL: String?
    /// Names in the order of `u.genre`; the genre `unknown` is the lack of one and is left out.
    package let genres: [String]
    /// The data set's own id, where it is not a number that `id` could be.
    package let externalID: String?

    package init(
        id: Int32, title: String, releaseDate: CivilDate?, imdbURL: String?, genres: [String],
        externalID: String? = nil
    ) {
        self.id = id
        self.title = title
        self.releaseDate = releaseDate
        self.imdbURL = imdbURL
        self.genres = genres
        self.externalID = externalID
    }
}
