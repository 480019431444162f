import MovieLens
import Testing

@Suite struct MovieYearTests {
    @Test(
        "the year is the one in the title",
        arguments: [
            ("Taxi Driver (1976)", 1976), ("Land Before Time III (1995) (V)", 1995), ("unknown", nil),
            ("2001: A Space Odyssey (1968) ", 1968), ("Clean Slate (Coup de Torchon) (1981)", 1981), ("Se7en", nil),
            ("Brother (Brat)", nil), ("", nil),
        ])
    func titleYear(title: String, year: Int?) {
        let movie = Movie(id: 1, title: title, releaseDate: nil, imdbURL: nil, genres: [])
        #expect(movie.titleYear == year)
    }
}
