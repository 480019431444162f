import ArgumentParser
import Foundation
import Loading
import Postgres
import Settings

/// What every command needs: where the settings and the database are.
struct DatabaseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Settings file (JSON).", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("libpq URL of the database; better set as DATABASE_URL, where ps cannot see it."))
    var databaseURL: String?

    @Option(
        help: ArgumentHelp(
            "File with the database's password, read for every new connection (default: none).", valueName: "file"))
    var databasePasswordFile: String?

    func settings() async throws -> Settings { try await Settings(file: config) }

    func url(_ settings: Settings) throws -> String {
        let conventional = ProcessInfo.processInfo.environment["DATABASE_URL"].flatMap { $0.isEmpty ? nil : $0 }
        guard let url = try settings.string("database.url", flag: databaseURL) ?? conventional else {
            throw SettingsError.missing(
                key: "DATABASE_URL", advice: "set it to a libpq URL such as postgresql://user@host/database")
        }
        return url
    }

    func passwordFile(_ settings: Settings) throws -> String? {
        try settings.string("database.password.file", flag: databasePasswordFile)
    }

    func configuration(_ settings: Settings) throws -> ConnectionConfiguration {
        ConnectionConfiguration(url: try url(settings), passwordFile: try passwordFile(settings))
    }

    func connect(_ settings: Settings) async throws -> Connection {
        try await Connection.connect(try configuration(settings), deadline: .now + .seconds(10))
    }

    /// For a command that writes nothing: a newer schema is read, with a warning.
    func verifyForReading(_ connection: Connection) async throws {
        if let newer = try await Migrator(connection).verifyForReading() { note("warning: \(newer)") }
    }
}

/// Machine-readable output, or a sentence for people.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON on standard output and nothing else there.")
    var json = false

    func print(_ value: some Encodable, text: @autoclosure () -> String) throws {
        guard json else {
            Swift.print(text())
            return
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
