extension Movie {
    /// The year in the title, `Taxi Driver (1976)`, which is the film's; 190 of MovieLens 100k's release dates are of
    /// a later release (1996 for that one). Nil where the title has none.
    package var titleYear: Int? {
        // A few titles end in a mark of their own: `… (1995) (V)` is a video.
        for word in title.split(separator: " ").reversed().prefix(2) {
            guard word.count == 6, word.first == "(", word.last == ")" else { continue }
            guard let year = Int(word.dropFirst().dropLast()), year >= 1870 else { continue }
            return year
        }
        return nil
    }
}
