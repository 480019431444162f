import ArgumentParser
import Foundation
import MovieLens
import Settings

/// A catalogue and the ratings to learn from.
struct TrainFileOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions

    @Option(help: "A MovieLens folder (KINDRED_DATA, MOVIELENS_100K).")
    var data: String?

    @Option(help: "The ratings to learn from (columns of u.data).")
    var train: String?

    /// - Parameter test: the ratings to measure on, where there are any.
    func load(_ settings: Settings, test: URL? = nil) async throws -> (train: Dataset, test: [Rating]) {
        let file = try TrainFileOptions.file("train", train, settings)
        let source = DataSource(
            locator: DatasetLocator(
                folder: try settings.string("data", flag: data), home: try common.home(settings),
                environment: ProcessInfo.processInfo.environment),
            fetcher: try common.fetcher(settings))
        return try Dataset.read(anyFolder: try await source.folder(), train: file, test: test)
    }

    static func file(_ key: String, _ flag: String?, _ settings: Settings) throws -> URL {
        guard let path = try settings.string(key, flag: flag) else {
            throw SettingsError.missing(key: "--\(key)", advice: "name a file with the columns of u.data")
        }
        return URL(fileURLWithPath: path)
    }
}
