import Foundation

/// The built `kindred serve` as a process of its own, to be killed.
final class ServiceProcess {
    let base: String
    private let process: Process

    private init(base: String, process: Process) {
        self.base = base
        self.process = process
    }

    /// Nothing outlives a test that failed.
    deinit { if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) } }

    /// Returns once it serves.
    static func start(database: String, state: StateFolder) async throws -> ServiceProcess {
        let process = Process()
        // Beside the tests: SwiftPM builds what a test target depends on into one folder.
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "kindred")
        process.arguments = ["serve", "--port", "0", "--log-level", "error"]
        process.environment = ["DATABASE_URL": database, "KINDRED_STATE": state.path]
        let log = state.path + "/log-\(UUID().uuidString)"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle(forWritingAtPath: log)
        try process.run()
        var base: String?
        try await eventually("the service serves") {
            let words = try String(contentsOfFile: log, encoding: .utf8)
            guard process.isRunning else { throw NotInTime(description: "the service ended: \(words)") }
            base = words.firstMatch(of: /serving on (http:\S+),/).map { String($0.1) }
            return base != nil
        }
        return ServiceProcess(base: base ?? "", process: process)
    }

    /// `kill -9`; returns once the process is gone.
    func kill() async throws {
        Foundation.kill(process.processIdentifier, SIGKILL)
        try await eventually("the killed service is gone") { !process.isRunning }
    }
}
