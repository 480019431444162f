import ArgumentParser
import Foundation
import LoadGenerator

struct SelfTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest",
        abstract: "Prove the instrument on a server of known latency, in about a minute.",
        discussion: """
            The server runs in a process of its own. Throughput is checked against wrk; where that is not installed it is \
            said, and with CI set it is an error.
            """)

    @Flag(help: "Print JSON instead of the table.")
    var json = false

    func run() async throws {
        try await reportingFailure {
            let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let isCI = ProcessInfo.processInfo.environment["CI"].map { !$0.isEmpty } ?? false
            let selfTest = SelfTest(
                serverCommand: [program, SelfTestServerCommand.configuration.commandName ?? ""], requiresWrk: isCI)
            let checks = try await selfTest.run { progress("measuring: \($0)") }
            print(json ? try JSONText.encode(checks) : SelfTestCheck.table(checks))
            try judge(checks.filter { $0.held == false }.map { "missed: \($0.name)" })
        }
    }
}
