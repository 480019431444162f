import Foundation
import MovieLens
import Testing

/// The published files: where `MOVIELENS_100K` and `KINDRED_SPLITS` say.
enum RealData {
    private static let environment = ProcessInfo.processInfo.environment

    /// In CI a missing folder fails the tests instead of skipping them.
    static let isExpected =
        environment["CI"] != nil || (environment["MOVIELENS_100K"] != nil && environment["KINDRED_SPLITS"] != nil)

    /// The seed-42 split: the data set with the train ratings, and the test ratings.
    static func split() throws -> (train: Dataset, test: [Rating]) {
        let folder = URL(fileURLWithPath: try #require(environment["MOVIELENS_100K"], "set MOVIELENS_100K"))
        let splits = URL(fileURLWithPath: try #require(environment["KINDRED_SPLITS"], "set KINDRED_SPLITS"))
        let train = try Dataset.read(
            folder: folder, ratings: splits.appending(path: "item-stratified-seed42.train.tsv"))
        return (train, try train.readRatings(splits.appending(path: "item-stratified-seed42.test.tsv")))
    }
}
