import Foundation

/// Reads `movies.dat` and `movies.csv`: id, title, genres with `|` between them.
enum CatalogueReader {
    private static let noGenres = "(no genres listed)"

    /// - Parameter header: whether the first line names the columns movieId, title, genres.
    static func movies(
        _ url: URL, _ separator: TextFields.Separator, header: Bool, badRows: inout BadRows
    ) throws -> [Movie] {
        let stream = try LineStream(url)
        var fields = TextFields(separator)
        var movies: [Movie] = []
        var seen: Set<Int32> = []
        var isHeader = header
        func bad(_ code: MovieLensError.Code, _ line: Int, _ reason: String) throws {
            try badRows.skip(MovieLensError(code, file: stream.name, line: line, reason: reason))
        }
        try stream.forEachLine { number in
            try bad(.malformed, number, "the line is blank")
        } _: { number, line in
            let defect = fields.split(line)
            if isHeader {
                isHeader = false
                let names = (0..<fields.count).map { fields.text($0) }
                guard names == ["movieId", "title", "genres"] else {
                    throw MovieLensError(
                        .malformed, file: stream.name, line: number,
                        reason: "the header is \(names.joined(separator: ",")), not movieId,title,genres")
                }
                return
            }
            if let defect { return try bad(.malformed, number, defect) }
            guard fields.count == 3 else {
                return try bad(.malformed, number, "\(fields.count) columns where 3 are expected")
            }
            guard let id = TextNumber.integer(fields[0]).flatMap(Int32.init(exactly:)), id > 0 else {
                return try bad(.malformed, number, "movie id '\(fields.text(0))' is not a number from 1 to 2147483647")
            }
            guard !fields[1].isEmpty else { return try bad(.malformed, number, "title is empty") }
            guard seen.insert(id).inserted else { return try bad(.duplicate, number, "movie \(id) appears twice") }
            let genres = fields.text(2).split(separator: "|").map(String.init).filter { $0 != noGenres }
            movies.append(
                Movie(
                    id: id, title: fields.text(1), releaseDate: nil, imdbURL: nil,
                    genres: genres.enumerated().filter { genres.firstIndex(of: $0.element) == $0.offset }.map(\.element)
                ))
        }
        guard !movies.isEmpty else {
            throw MovieLensError(.empty, file: stream.name, reason: "the file has no movies")
        }
        return movies
    }
}
