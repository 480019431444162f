import ArgumentParser
import Foundation
import Settings

/// `kindred-train fetch`
struct FetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Download MovieLens 100k from GroupLens into <home>/data/ml-100k.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await Failure.reported {
            let settings = try await common.settings()
            let fetcher = try common.fetcher(settings)
            let isNew = try await fetcher.fetch()
            Console.note(try fetcher.licence())
            Console.note(isNew ? "MovieLens 100k is ready in:" : "MovieLens 100k was there already, in:")
            Console.output(fetcher.folder.path)
        }
    }
}
