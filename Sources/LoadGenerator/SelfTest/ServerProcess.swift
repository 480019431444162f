import Foundation

/// A server of the self-test in a process of its own, so that it shares no event loop with the generator.
struct ServerProcess {
    private let process: Process
    /// The server ends when this end is closed, so that it cannot outlive the test.
    private let lifeline: FileHandle
    let url: String

    /// - Parameter command: a program and its arguments that print their URL as the first line.
    init(_ command: [String]) throws {
        let process = Process()
        let input = Pipe()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        self.process = process
        lifeline = input.fileHandleForWriting
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard line.hasPrefix("http://"), line.hasSuffix("\n") else {
            process.terminate()
            throw SelfTestError(description: "the self-test's server did not start: '\(line)'")
        }
        url = String(line.dropLast())
    }

    func stop() throws {
        try lifeline.close()
        process.waitUntilExit()
    }
}

/// A self-test that could not be made.
package struct SelfTestError: Error, CustomStringConvertible {
    package let description: String
}
