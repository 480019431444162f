import ArgumentParser

@main
struct LoadTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kindred-loadtest",
        abstract: "Open-loop load: requests leave at their own times, however slow the answers are.",
        subcommands: [RunCommand.self])
}
