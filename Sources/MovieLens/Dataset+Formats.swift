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

        private var catalogueFile: String {
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
            let movieFile = folder.appending(path: "movies.dat")
            return try read(
                movieFile, CatalogueReader.movies(movieFile, .doubleColon, header: false, badRows: &badRows),
                ratings ?? folder.appending(path: "ratings.dat"), .doubleColon, badRows: &badRows)
        case .csv:
            let movieFile = folder.appending(path: "movies.csv")
            return try read(
                movieFile,
                CatalogueReader.movies(movieFile, .byte(UInt8(ascii: ",")), header: true, badRows: &badRows),
                ratings ?? folder.appending(path: "ratings.csv"), .csv(), badRows: &badRows)
        }
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
        _ movieFile: URL, _ movies: [Movie], _ ratingFile: URL, _ layout: RatingsLayout, badRows: inout BadRows
    ) throws -> Dataset {
        var reader = RatingsReader(layout, movies: IDIndex(movies.map(\.id)))
        let result = try reader.read(ratingFile, badRows: &badRows)
        return Dataset(
            name: "movielens", movies: movies, users: result.users, ratings: result.ratings,
            genres: Set(movies.flatMap(\.genres)).sorted(), files: [movieFile, ratingFile], isSynthetic: false)
    }
}
