import ArgumentParser
import Foundation
import LoadGenerator

/// The self-test's server; it serves until its standard input ends.
struct SelfTestServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest-server", abstract: "The server that selftest measures.", shouldDisplay: false)

    @Option(help: "Seconds from the first request to /frozen to the freeze.")
    var freezeAfter: Double

    @Option(help: "Seconds that the freeze lasts.")
    var freeze: Double

    func run() async throws {
        try await KnownServer(freezeAfter: freezeAfter, freeze: freeze).run { port in
            FileHandle.standardOutput.write(Data("http://127.0.0.1:\(port)\n".utf8))
            // Waiting for the end of a pipe blocks; the server has threads of its own.
            _ = try FileHandle.standardInput.readToEnd()
        }
    }
}
