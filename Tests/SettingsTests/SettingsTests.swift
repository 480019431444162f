import Foundation
import Settings
import Testing

@Suite struct SettingsTests {
    private func file(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID()).json").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test("a flag wins over the environment, which wins over the file, which wins over the default")
    func precedence() async throws {
        let path = try file(#"{"cache": {"entries": 3, "bytes": 4}, "name": "file"}"#)
        let settings = try await Settings(file: path, environment: ["KINDRED_CACHE_ENTRIES": "2"])
        #expect(try settings.int("cache.entries", flag: 1, default: 9, in: 0...10) == 1)
        #expect(try settings.int("cache.entries", default: 9, in: 0...10) == 2)
        #expect(try settings.int("cache.bytes", default: 9, in: 0...10) == 4)
        #expect(try settings.int("hnsw.links", default: 9, in: 0...10) == 9)
        #expect(try settings.string("name") == "file")
    }

    @Test("a value that is there but wrong never gives way to the default")
    func wrongValues() async throws {
        let settings = try await Settings(environment: [
            "KINDRED_PORT": "http", "KINDRED_K": "101", "KINDRED_INDEX": "btree",
        ])
        #expect(throws: SettingsError.invalid(source: "KINDRED_PORT", reason: "the value is not a valid int")) {
            try settings.int("port", default: 8080, in: 0...65535)
        }
        #expect(throws: SettingsError.invalid(source: "KINDRED_K", reason: "101 is outside 1…100")) {
            try settings.int("k", default: 10, in: 1...100)
        }
        #expect(throws: SettingsError.invalid(source: "--k", reason: "0 is outside 1…100")) {
            try settings.int("k", flag: 0, default: 10, in: 1...100)
        }
        enum Index: String, CaseIterable { case hnsw, ivfflat }
        #expect(throws: SettingsError.invalid(source: "KINDRED_INDEX", reason: "'btree' is not one of hnsw, ivfflat")) {
            try settings.choice("index", default: Index.hnsw)
        }
    }

    @Test("a misspelt key in the file is refused by name")
    func unknownKey() async throws {
        let path = try file(#"{"cache": {"entires": 3, "bytes": 1}}"#)
        await #expect(throws: SettingsError.unknownKeys(["cache.entires"])) {
            try await Settings(file: path, environment: [:])
        }
    }

    @Test("the file is found through the environment; a variable set to nothing is not set")
    func fileFromEnvironment() async throws {
        let path = try file(#"{"port": 81}"#)
        let settings = try await Settings(environment: ["KINDRED_CONFIG": path, "KINDRED_PORT": ""])
        #expect(try settings.int("port", default: 8080, in: 0...65535) == 81)
    }

    @Test("a file that is not there is an error, not an empty file")
    func missingFile() async {
        await #expect(throws: SettingsError.self) {
            _ = try await Settings(file: "/nonexistent.json", environment: [:])
        }
    }
}
