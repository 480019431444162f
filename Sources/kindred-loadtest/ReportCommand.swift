import ArgumentParser
import Foundation
import LoadGenerator

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Draw result files as one self-contained HTML page.")

    @Argument(help: "Files that --out wrote, of any kind; several runs stand side by side.")
    var files: [String]

    @Option(help: "The page.")
    var out = "loadtest.html"

    @Option(help: "The page's title.")
    var title = "Load test"

    func run() async throws {
        try await reportingFailure {
            let page = try ReportPage(title: title, documents: files.map { try ResultDocument(file: $0) })
            do {
                try Data(page.html.utf8).write(to: URL(fileURLWithPath: out))
            } catch let error as CocoaError {
                throw ResultFileError(file: out, reason: "it cannot be written: \(error.localizedDescription)")
            }
            print(out)
        }
    }
}
