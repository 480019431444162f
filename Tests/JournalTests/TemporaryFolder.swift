import Foundation
import Journal
import Logging
import Testing

/// A folder that a test's journal lives in.
struct TemporaryFolder {
    let url: URL

    static func with<Result>(_ body: (TemporaryFolder) async throws -> Result) async throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "kindred-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        return try await body(TemporaryFolder(url: url))
    }

    var journal: String { url.appending(path: "journal").path }

    /// Opens the journal for the time of `body`.
    func withJournal<Result>(
        _ adjust: (inout Journal.Configuration) -> Void = { _ in }, _ body: (Journal) async throws -> Result
    ) async throws -> Result {
        var configuration = Journal.Configuration(folder: journal)
        adjust(&configuration)
        let journal = try Journal(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do {
            let result = try await body(journal)
            await journal.close()
            return result
        } catch {
            await journal.close()
            throw error
        }
    }

    /// What another process finds, which confirms it.
    func drained(records: Int = 1000) async throws -> [String] {
        try await withJournal { try await $0.drain(records: records) }
    }

    /// Names in the journal's folder that end so, ascending.
    func names(_ suffix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: journal).filter { $0.hasSuffix(suffix) }.sorted()
    }

    func file(_ name: String) -> URL { URL(fileURLWithPath: journal).appending(path: name) }
}

extension Journal {
    func append(_ texts: String...) async throws { try await append(texts.map { Data($0.utf8) }) }

    /// Reads and confirms until nothing is left.
    func drain(records: Int = 1000, bytes: Int = 1 << 20) async throws -> [String] {
        var all: [String] = []
        while let batch = try await nextBatch(records: records, bytes: bytes) {
            all += batch.texts
            try await confirm(batch)
        }
        return all
    }
}

extension JournalBatch {
    var texts: [String] { payloads.map { String(decoding: $0, as: UTF8.self) } }
}
