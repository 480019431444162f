import ArgumentParser

@main
struct LoadTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kindred-loadtest",
        abstract: "Load tests of an HTTP service whose percentiles can be believed.",
        discussion: """
            In the open loop, which is the default, requests leave at their own times, however slow the answers are, and \
            latency counts from the intended time: a stall is seen by everybody who came meanwhile.

            Exit codes: 0 everything held; 1 an objective was missed or an answer was wrong; 2 the generator was the \
            bottleneck, so that the figures are not the service's; 64 usage; 65 a file that cannot be used; 69 the target \
            cannot be reached or lacks what a request needs.
            """,
        subcommands: [
            RunCommand.self, SweepCommand.self, MaxRateCommand.self, RecallCommand.self, CompareCommand.self,
            ReportCommand.self, SelfTestCommand.self, SelfTestServerCommand.self,
        ])
}
