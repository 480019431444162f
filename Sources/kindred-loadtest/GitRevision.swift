import Foundation
import Settings

/// The revision of the working folder, for the manifest.
enum GitRevision {
    /// The setting `git.revision`, else what git says of the folder where the test was started; nil outside a repository
    /// or without git.
    static func find() async throws -> String? {
        if let given = try await Settings().string("git.revision") { return given }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "describe", "--always", "--dirty"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
