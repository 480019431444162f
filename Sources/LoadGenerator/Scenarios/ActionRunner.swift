import Foundation

/// Runs a scenario's actions at their times, away from the generator's loop.
struct ActionRunner {
    /// The end of an action's output that the result keeps.
    private static let keptBytes = 2_000

    let actions: [Action]
    /// The measured time's beginning.
    let origin: ContinuousClock.Instant

    /// All actions, each at its time whatever the others do; in the order of their times.
    func run() async throws -> [ActionRecord] {
        try await withThrowingTaskGroup(of: ActionRecord.self) { group in
            for action in actions { group.addTask { try await run(action) } }
            var records: [ActionRecord] = []
            for try await record in group { records.append(record) }
            return records.sorted { $0.began < $1.began }
        }
    }

    private func run(_ action: Action) async throws -> ActionRecord {
        try await Task.sleep(until: origin + .seconds(action.at))
        let began = seconds
        let output = FileManager.default.temporaryDirectory.appending(path: "kindred-loadtest-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: output.path, contents: nil) else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: output.path])
        }
        defer { try? FileManager.default.removeItem(at: output) }
        let status = try await status(of: action.command, output: FileHandle(forWritingTo: output))
        let text = try Data(contentsOf: output)
        return ActionRecord(
            name: action.name, began: began, ended: seconds, status: status,
            output: String(decoding: text.suffix(Self.keptBytes), as: UTF8.self))
    }

    /// A file, not a pipe: a service that the command leaves behind would hold the pipe open for ever.
    private func status(of command: String, output: FileHandle) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }

    private var seconds: Double {
        Double((ContinuousClock.now - origin) / .milliseconds(1)) / 1e3
    }
}
