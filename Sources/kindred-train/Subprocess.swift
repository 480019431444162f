import Foundation

/// The few programs that training calls.
enum Subprocess {
    /// Unpacks with `unzip` or, where it is not installed, with Python.
    static func unzip(_ archive: URL, into folder: URL) throws {
        let commands = [
            ["unzip", "-q", archive.path, "-d", folder.path],
            ["python3", "-m", "zipfile", "-e", archive.path, folder.path],
        ]
        for command in commands {
            let (status, _) = try run(command)
            if status == 0 { return }
            guard status == notFound else {
                throw Failure(.badData, "\(command[0]) cannot unpack \(archive.path) (status \(status))")
            }
        }
        throw Failure(.unavailable, "neither unzip nor python3 is installed: install one, then fetch again")
    }

    /// The commit the working folder is at; nil outside a repository or without git.
    static func gitRevision() throws -> String? {
        let (status, output) = try run(["git", "rev-parse", "HEAD"], silently: true)
        let revision = output.trimmingCharacters(in: .whitespacesAndNewlines)
        return status == 0 && !revision.isEmpty ? revision : nil
    }

    /// What `env` returns when there is no such program.
    private static let notFound: Int32 = 127

    private static func run(_ command: [String], silently: Bool = false) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = silently ? FileHandle.nullDevice : FileHandle.standardError
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
