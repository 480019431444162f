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
        let ordered = actions.sorted { $0.at < $1.at }
        return try await withThrowingTaskGroup(of: (Int, ActionRecord).self) { group in
            for (place, action) in ordered.enumerated() { group.addTask { (place, try await run(action)) } }
            var records: [(place: Int, record: ActionRecord)] = []
            for try await record in group { records.append(record) }
            return records.sorted { $0.place < $1.place }.map(\.record)
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

    /// The exit code of the command; a signal counts as 128 and its number, as in a shell.
    ///
    /// Neither a pipe nor Foundation's `Process`: a service that the command leaves behind would inherit an end of both,
    /// and the command would seem to run for as long as that lives.
    private func status(of command: String, output: FileHandle) async throws -> Int32 {
        let pid = try spawn(command, output: output.fileDescriptor)
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var status: Int32 = 0
                while waitpid(pid, &status, 0) == -1, errno == EINTR {}
                let signal = status & 0x7f
                continuation.resume(returning: signal == 0 ? (status >> 8) & 0xff : 128 + signal)
            }
        }
    }

    private func spawn(_ command: String, output: CInt) throws -> pid_t {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&files, output, 1)
        posix_spawn_file_actions_adddup2(&files, output, 2)
        let variables = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        var arguments = Self.pointers(["/bin/sh", "-c", command])
        var environment = Self.pointers(variables)
        defer { for pointer in arguments + environment { free(pointer) } }
        var pid = pid_t()
        let code = posix_spawn(&pid, "/bin/sh", &files, nil, &arguments, &environment)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        return pid
    }

    /// As C wants it: ended by a null pointer; the caller frees each.
    private static func pointers(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { (text: String) in strdup(text) } + [nil]
    }

    private var seconds: Double {
        Double((ContinuousClock.now - origin) / .milliseconds(1)) / 1e3
    }
}
