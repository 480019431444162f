import ArgumentParser
import Foundation
import ModelBundle
import Report
import Settings

/// `kindred-train report`
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write one HTML page that shows what a bundle holds.",
        discussion: "The page carries everything in itself: it can be opened without a network and sent to others.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle's folder.")
    var bundle: String

    @Option(help: "The page (default report.html).")
    var out: String?

    @Option(help: "Other models on the same split: the JSON file that Benchmarks/quality writes.")
    var baselines: String?

    func run() async throws {
        try await Failure.reported {
            let settings = try await common.settings()
            let out = URL(fileURLWithPath: try settings.string("out", flag: out) ?? "report.html")
            let others = try settings.string("baselines", flag: baselines).map(ReportCommand.read) ?? []
            let bundle = try ModelBundle.read(at: URL(fileURLWithPath: bundle))
            let page = try Report(bundle, baselines: others).html()
            do {
                try Data(page.utf8).write(to: out, options: .atomic)
            } catch {
                throw Failure(.cannotWrite, "cannot write \(out.path): \(error.localizedDescription)")
            }
            Console.output(out.path)
        }
    }

    private static func read(_ path: String) throws -> [Baseline] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(.missingInput, "\(path) cannot be read: name what Benchmarks/quality has written")
        }
        do {
            return try Baseline.read(data)
        } catch {
            throw Failure(.badData, "\(path) is not what Benchmarks/quality writes: \(error)")
        }
    }
}
