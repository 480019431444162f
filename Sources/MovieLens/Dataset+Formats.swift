package import Foundation

extension Dataset {
    /// The published layouts of a MovieLens folder.
    package enum Format: String, Sendable, CaseIterable {
        /// `u.item`, `u.data`: 100k.
        case tabs = "ml-100k"
        /// `movies.dat`, `ratings.dat`: 1M and 10M.
        case doubleColon = "ml-1m"
        /// `movies.csv`, `ratings.csv`: 20M, 25M and 32M.
        case csv = "ml-20m"

        fileprivate var catalogueFile: String {
            switch self {
            case .tabs: "u.item"
            case .doubleColon: "movies.dat"
            case .csv: "movies.csv"
            }
        }

        /// By the file of movies; nil when there is none.
        package static func of(folder: URL) -> Format? {
            allCases.first {
                FileManager.default.fileExists(atPath: folder.appending(path: $0.catalogueFile).path)
            }
        }
    }

    /// Reads any MovieLens folder.
    ///
    /// - Parameters:
    ///   - ratings: a file with the columns of the folder's own to read instead of it.
    ///   - badRows: takes the rows that cannot be used; 100k, whose files are known to be clean, has none.
    /// - Throws: `MovieLensError`, which names the file and the line.
    package static func read(anyFolder folder: URL, ratings: URL? = nil, badRows: inout BadRows) throws -> Dataset {
        switch Format.of(folder: folder) {
        case nil:
            throw MovieLensError(
                .missing, file: folder.lastPathComponent,
                reason: "\(folder.path) has no u.item, movies.dat or movies.csv")
        case .tabs:
            return try read(folder: folder, ratings: ratings)
        case .doubleColon:
            return try read(
                folder, .doubleColon, ratings ?? folder.appending(path: "ratings.dat"), .doubleColon,
                badRows: &badRows)
        case .csv:
            return try read(
                folder, .csv, ratings ?? folder.appending(path: "ratings.csv"), .csv(), badRows: &badRows)
        }
    }

    /// Reads the sides of a split of any MovieLens folder's ratings: files with the columns of `u.data`.
    ///
    /// - Returns: the data set with the train ratings, and the test ratings. Where a data set has no file of users, they
    ///   are those of either side.
    /// - Throws: `MovieLensError`, which names the file and the line.
    package static func read(
        anyFolder folder: URL, train: URL, test: URL? = nil
    ) throws -> (train: Dataset, test: [Rating]) {
        guard let format = Format.of(folder: folder), format != .tabs else {
            let dataset = try read(folder: folder, ratings: train)
            return (dataset, try test.map(dataset.readRatings) ?? [])
        }
        var badRows = BadRows()
        let dataset = try read(folder, format, train, .tabs, badRows: &badRows)
        guard let test else { return (dataset, []) }
        var reader = RatingsReader(.tabs, movies: IDIndex(dataset.movies.map(\.id)))
        let questions = try reader.read(test, badRows: &badRows)
        let known = Set(dataset.users.map(\.id))
        let whole = Dataset(
            name: dataset.name, movies: dataset.movies,
            users: dataset.users + questions.users.filter { !known.contains($0.id) }, ratings: dataset.ratings,
            genres: dataset.genres, files: dataset.files, isSynthetic: false)
        return (whole, questions.ratings)
    }

    /// Reads ratings alone: an item's title is its id.
    package static func read(ratings file: URL, layout: RatingsLayout, badRows: inout BadRows) throws -> Dataset {
        var reader = RatingsReader(layout)
        let result = try reader.read(file, badRows: &badRows)
        let movies = result.items.map { id, text in
            Movie(
                id: id, title: text ?? String(id), releaseDate: nil, imdbURL: nil, genres: [], externalID: text)
        }
        return Dataset(
            name: "ratings", movies: movies, users: result.users, ratings: result.ratings, genres: [], files: [file],
            isSynthetic: false)
    }

    private static func read(
        _ folder: URL, _ format: Format, _ ratingFile: URL, _ layout: RatingsLayout, badRows: inout BadRows
    ) throws -> Dataset {
        let movieFile = folder.appending(path: format.catalogueFile)
        let separator = format == .csv ? TextFields.Separator.byte(UInt8(ascii: ",")) : .doubleColon
        let movies = try CatalogueReader.movies(movieFile, separator, header: format == .csv, badRows: &badRows)
        var reader = RatingsReader(layout, movies: IDIndex(movies.map(\.id)))
        let result = try reader.read(ratingFile, badRows: &badRows)
        return Dataset(
            name: "movielens", movies: movies, users: result.users, ratings: result.ratings,
            genres: Set(movies.flatMap(\.genres)).sorted(), files: [movieFile, ratingFile], isSynthetic: false)
    }
}
