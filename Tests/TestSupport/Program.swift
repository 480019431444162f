import Foundation

/// The built `kindred-train`, run as people run it.
package struct Program: Sendable {
    package let status: Int32
    package let output: String
    package let errors: String

    /// Beside the tests: SwiftPM builds what a test target depends on into one folder.
    private static let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appending(path: "kindred-train")

    package init(_ arguments: [String]) async throws {
        let process = Process()
        let out = FileManager.default.temporaryDirectory.appending(path: "kindred-\(UUID().uuidString)")
        let err = FileManager.default.temporaryDirectory.appending(path: "kindred-\(UUID().uuidString)")
        defer { for file in [out, err] { try? FileManager.default.removeItem(at: file) } }
        for file in [out, err] { try Data().write(to: file) }
        process.executableURL = Program.path
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        // Not waitUntilExit: a service in this process needs the threads that it would hold.
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                ended.resume(throwing: error)
            }
        }
        status = process.terminationStatus
        output = try String(contentsOf: out, encoding: .utf8)
        errors = try String(contentsOf: err, encoding: .utf8)
    }

    /// The keys and values of the one line of JSON on standard output.
    package func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }
}
