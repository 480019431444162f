import ArgumentParser
import Foundation
import Settings

/// What every subcommand takes.
struct CommonOptions: ParsableArguments {
    @Option(help: "A JSON file of settings (KINDRED_CONFIG).")
    var config: String?

    @Option(help: "The folder for downloads and bundles (KINDRED_HOME; default .kindred).")
    var home: String?

    @Option(help: "Where to download MovieLens 100k from (KINDRED_FETCH_URL; default GroupLens).")
    var fetchURL: String?

    func settings() async throws -> Settings {
        try await Settings(file: config)
    }

    func home(_ settings: Settings) throws -> String {
        try settings.string("home", flag: home) ?? ".kindred"
    }

    func fetcher(_ settings: Settings) throws -> Fetcher {
        let address = try settings.string("fetch.url", flag: fetchURL) ?? Fetcher.groupLens
        guard let url = URL(string: address), url.scheme == "https" || url.scheme == "http", url.host != nil else {
            throw SettingsError.invalid(source: "--fetch-url", reason: "'\(address)' is not an http or https address")
        }
        return Fetcher(url: url, home: URL(fileURLWithPath: try home(settings)))
    }
}
