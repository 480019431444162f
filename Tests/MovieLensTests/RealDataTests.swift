import Foundation
import MovieLens
import Testing

/// The published files: where `MOVIELENS_100K` and `KINDRED_SPLITS` say. Required when `CI` is set.
@Suite struct RealDataTests {
    @Test(.enabled(if: RealData.isExpected)) func `MovieLens 100k is read whole`() throws {
        let dataset = try Dataset.read(folder: RealData.folder)
        #expect(dataset.users.count == 943)
        #expect(dataset.movies.count == 1_682)
        #expect(dataset.ratings.count == 100_000)
        #expect(dataset.genres.count == 18)
        #expect(!dataset.genres.contains("unknown"))
        let unknown = try #require(dataset.movies.first { $0.id == 267 })
        #expect(unknown.title == "unknown")
        #expect(unknown.releaseDate == nil)
        #expect(unknown.imdbURL == nil)
        #expect(dataset.movies.count { $0.releaseDate == nil } == 1)
        #expect(dataset.movies.filter { $0.imdbURL == nil }.map(\.id) == [267, 1_358, 1_359])
        #expect(dataset.duplicateTitles.count == 18)
        #expect(dataset.unratedMovies.isEmpty)
    }

    @Test(.enabled(if: RealData.isExpected)) func `the published split is reproduced to the row`() throws {
        let dataset = try Dataset.read(folder: RealData.folder)
        let split = ItemStratifiedSplit(dataset.ratings, seed: 42)
        let byPair: (Rating, Rating) -> Bool = { ($0.user, $0.item) < ($1.user, $1.item) }
        for (part, ours) in [("train", split.train), ("test", split.test)] {
            let file = try RealData.splits.appending(path: "item-stratified-seed42.\(part).tsv")
            #expect(try dataset.readRatings(file).sorted(by: byPair) == ours.sorted(by: byPair))
        }
    }
}

private enum RealData {
    private static let environment = ProcessInfo.processInfo.environment

    /// In CI a missing folder fails the tests instead of skipping them.
    static let isExpected =
        environment["CI"] != nil || (environment["MOVIELENS_100K"] != nil && environment["KINDRED_SPLITS"] != nil)

    static var folder: URL {
        get throws { URL(fileURLWithPath: try #require(environment["MOVIELENS_100K"], "set MOVIELENS_100K")) }
    }

    static var splits: URL {
        get throws { URL(fileURLWithPath: try #require(environment["KINDRED_SPLITS"], "set KINDRED_SPLITS")) }
    }
}
