import Foundation

/// A folder for the state of a service, for the time of a closure.
struct StateFolder: Sendable {
    let path: String

    static func with<Result>(_ body: (StateFolder) async throws -> Result) async throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "kindred-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        return try await body(StateFolder(path: url.path))
    }

    var rejected: String { path + "/events/rejected.jsonl" }
}

struct NotInTime: Error, CustomStringConvertible {
    let description: String
}

/// Asks again until it holds; the pauses only spare the processor.
func eventually(
    _ what: String, within limit: Duration = .seconds(90), _ holds: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !holds() {
        guard ContinuousClock.now < deadline else { throw NotInTime(description: "not in time: \(what)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}
