package import Foundation

extension Dataset {
    /// Reads a MovieLens 100k folder: `u.genre`, `u.item`, `u.user` and the ratings.
    ///
    /// - Parameters:
    ///   - folder: where the four files are.
    ///   - ratings: a file with the columns of `u.data` to read instead of it, such as one side of a split.
    /// - Throws: `MovieLensError`, which names the file and the line.
    package static func read(folder: URL, ratings: URL? = nil) throws -> Dataset {
        let genreFile = folder.appending(path: "u.genre")
        let itemFile = folder.appending(path: "u.item")
        let userFile = folder.appending(path: "u.user")
        let ratingFile = ratings ?? folder.appending(path: "u.data")
        let flags = try readGenres(genreFile)
        let movies = try readMovies(itemFile, flags: flags)
        let users = try readUsers(userFile)
        return Dataset(
            name: "movielens-100k", movies: movies, users: users,
            ratings: try readRatings(ratingFile, movies: movies, users: users),
            genres: flags.filter { $0 != unknownGenre }, files: [genreFile, itemFile, userFile, ratingFile],
            isSynthetic: false)
    }

    /// Reads a file with the columns of `u.data` (user, item, rating, timestamp; tabs) against this catalogue.
    package func readRatings(_ file: URL) throws -> [Rating] {
        try Dataset.readRatings(file, movies: movies, users: users)
    }

    private static let unknownGenre = "unknown"

    /// The names of the genre flags of `u.item`, `unknown` included, in the order of their columns.
    private static func readGenres(_ url: URL) throws -> [String] {
        var names: [String] = []
        try DelimitedFile(url).forEachRow(columns: 2, separator: "|") { row in
            let name = try row.nonEmptyText(0, "genre")
            let column = try row.integer(1, "genre number", in: 0...999)
            guard column == names.count else {
                throw row.malformed("genre number \(column) where \(names.count) is next")
            }
            guard !names.contains(name) else { throw row.duplicate("genre '\(name)' appears twice") }
            names.append(name)
        }
        return names
    }

    private static func readMovies(_ url: URL, flags: [String]) throws -> [Movie] {
        var movies: [Movie] = []
        var seen: Set<Int32> = []
        let firstFlag = 5
        try DelimitedFile(url).forEachRow(columns: firstFlag + flags.count, separator: "|") { row in
            let id = try row.id(0, "movie id")
            guard seen.insert(id).inserted else { throw row.duplicate("movie \(id) appears twice") }
            var genres: [String] = []
            for (index, name) in flags.enumerated() {
                let isSet = try row.integer(firstFlag + index, "flag '\(name)'", in: 0...1) == 1
                if isSet, name != unknownGenre { genres.append(name) }
            }
            movies.append(
                Movie(
                    id: id, title: try row.nonEmptyText(1, "title"), releaseDate: try row.date(2, "release date"),
                    imdbURL: row.optionalText(4), genres: genres))
        }
        return movies
    }

    private static func readUsers(_ url: URL) throws -> [User] {
        var users: [User] = []
        var seen: Set<Int32> = []
        try DelimitedFile(url).forEachRow(columns: 5, separator: "|") { row in
            let id = try row.id(0, "user id")
            guard seen.insert(id).inserted else { throw row.duplicate("user \(id) appears twice") }
            guard let gender = User.Gender(rawValue: row.text(2)) else {
                throw row.malformed("gender '\(row.text(2))' is not F or M")
            }
            users.append(
                User(
                    id: id, age: try row.integer(1, "age", in: 1...130), gender: gender,
                    occupation: try row.nonEmptyText(3, "occupation"),
                    zipCode: try row.nonEmptyText(4, "zip code")))
        }
        return users
    }

    private static func readRatings(_ url: URL, movies: [Movie], users: [User]) throws -> [Rating] {
        let file = try DelimitedFile(url)
        let movieIDs = Set(movies.map(\.id))
        let userIDs = Set(users.map(\.id))
        var ratings: [Rating] = []
        var seen: Set<Int64> = []
        ratings.reserveCapacity(100_000)
        seen.reserveCapacity(100_000)
        try file.forEachRow(columns: 4, separator: "\t") { row in
            let user = try row.id(0, "user id")
            let item = try row.id(1, "movie id")
            let value = try row.integer(2, "rating", in: 1...5)
            let timestamp = try row.integer(3, "timestamp", in: 0...Int(UInt32.max))
            guard userIDs.contains(user) else {
                throw MovieLensError(
                    .unknownReference, file: row.file, line: row.line, reason: "user \(user) is not in u.user")
            }
            guard movieIDs.contains(item) else {
                throw MovieLensError(
                    .unknownReference, file: row.file, line: row.line, reason: "movie \(item) is not in u.item")
            }
            guard seen.insert(Int64(user) << 32 | Int64(item)).inserted else {
                throw row.duplicate("user \(user) has rated movie \(item) before")
            }
            ratings.append(Rating(user: user, item: item, value: Float(value), timestamp: Int64(timestamp)))
        }
        return ratings
    }
}

extension DelimitedRow {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `01-Jan-1995`, also `4-Feb-1971`, which the file has; nil when the column is empty.
    fileprivate func date(_ column: Int, _ meaning: String) throws -> CivilDate? {
        guard let text = optionalText(column) else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let day = Int(parts[0]), let year = Int(parts[2]),
            let month = DelimitedRow.months.firstIndex(of: String(parts[1])),
            let date = CivilDate(year: year, month: month + 1, day: day)
        else { throw malformed("\(meaning) '\(text)' is not a day such as 01-Jan-1995") }
        return date
    }
}
