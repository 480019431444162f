import ArgumentParser

/// Servers that do nothing but HTTP: what a framework costs when it sends one recorded answer to whatever is asked.
@main
struct EngineServers: AsyncParsableCommand {
    enum Framework: String, CaseIterable, ExpressibleByArgument { case hummingbird, nio }

    static let configuration = CommandConfiguration(
        commandName: "engine-servers", abstract: "Send one recorded answer to every request.")

    @Argument(help: "hummingbird (its router and one route) or nio (its HTTP pipeline and one handler).")
    var framework: Framework

    @Option(help: "The port on 127.0.0.1.")
    var port: Int

    @Option(help: "The body.")
    var file: String

    @Option(name: .customLong("header"), help: "A header as 'NAME: VALUE'; repeatable. The length is added.")
    var headers: [String] = []

    func run() async throws {
        let answer = try RecordedAnswer(file: file, headers: headers)
        switch framework {
        case .hummingbird: try await HummingbirdServer.run(sending: answer, port: port)
        case .nio: try await NIOServer.run(sending: answer, port: port)
        }
    }
}
