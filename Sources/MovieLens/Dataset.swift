package import Foundation

/// Movies, users and the ratings between them.
package struct Dataset: Sendable {
    /// `movielens-100k`, or `generated` when no person gave these ratings.
    package let name: String
    /// Ascending by id.
    package let movies: [Movie]
    /// Ascending by id.
    package let users: [User]
    /// In the order of the file, which the published split depends on.
    package let ratings: [Rating]
    /// The real genres, in the order of `u.genre`; `unknown` is not one.
    package let genres: [String]
    /// The files that were read, for a checksum; empty for generated data.
    package let files: [URL]
    package let isSynthetic: Bool

    package init(
        name: String, movies: [Movie], users: [User], ratings: [Rating], genres: [String], files: [URL],
        isSynthetic: Bool
    ) {
        self.name = name
        self.movies = movies.sorted { $0.id < $1.id }
        self.users = users.sorted { $0.id < $1.id }
        self.ratings = ratings
        self.genres = genres
        self.files = files
        self.isSynthetic = isSynthetic
    }

    /// The same catalogue with other ratings, as a split needs.
    package func with(ratings: [Rating]) -> Dataset {
        Dataset(
            name: name, movies: movies, users: users, ratings: ratings, genres: genres, files: files,
            isSynthetic: isSynthetic)
    }

    /// Titles that several ids share, with those ids, ordered by the first id. Both ids stay: people rated both.
    package var duplicateTitles: [(title: String, ids: [Int32])] {
        Dictionary(grouping: movies, by: \.title)
            .filter { $0.value.count > 1 }
            .map { (title: $0.key, ids: $0.value.map(\.id)) }
            .sorted { $0.ids[0] < $1.ids[0] }
    }

    /// Ids of the movies that no rating names, ascending.
    package var unratedMovies: [Int32] { Dataset.unnamed(movies.map(\.id), by: ratings.lazy.map(\.item)) }

    /// Ids of the users who gave no rating, ascending.
    package var silentUsers: [Int32] { Dataset.unnamed(users.map(\.id), by: ratings.lazy.map(\.user)) }

    private static func unnamed(_ ids: [Int32], by names: some Sequence<Int32>) -> [Int32] {
        let index = IDIndex(ids)
        var isNamed = [Bool](repeating: false, count: ids.count)
        for name in names {
            if let row = index.row(of: name) { isNamed[row] = true }
        }
        return ids.indices.filter { !isNamed[$0] }.map { ids[$0] }
    }
}
