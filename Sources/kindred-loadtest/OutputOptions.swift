import ArgumentParser
import Foundation
import LoadGenerator
import Settings

/// Where results go and what is written beside them.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON object instead of the table.")
    var json = false

    @Option(help: "Write the JSON to this file as well, indented.")
    var out: String?

    @Option(help: "What the result is called. Default: the scenario's name, or the path")
    var name: String?

    @Option(help: "The SQL behind the answers, or @FILE with it, for the manifest.")
    var sql: String?

    @Option(
        name: .customLong("note"), help: "KEY=VALUE for the manifest, such as a setting of the service; repeatable.")
    var notes: [String] = []

    func manifest(_ plan: LoadPlan) async throws -> Manifest {
        var facts: [String: String] = [:]
        for note in notes {
            guard let mark = note.firstIndex(of: "=") else {
                throw LoadPlanError.invalid("--note '\(note)' is not of the form KEY=VALUE")
            }
            facts[String(note[..<mark])] = String(note[note.index(after: mark)...])
        }
        return Manifest(
            shape: plan.shape, requests: plan.mix, gitRevision: try await GitRevision.find(), sql: try sqlText(),
            notes: facts)
    }

    func deliver(_ result: some Encodable, table: String) throws {
        print(json ? try JSONText.encode(result) : table)
        guard let out else { return }
        do {
            try Data((JSONText.encode(result, isIndented: true) + "\n").utf8).write(to: URL(fileURLWithPath: out))
        } catch let error as CocoaError {
            throw ResultFileError(file: out, reason: "it cannot be written: \(error.localizedDescription)")
        }
    }

    private func sqlText() throws -> String? {
        guard let sql, sql.hasPrefix("@") else { return sql }
        let path = String(sql.dropFirst())
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ResultFileError(file: path, reason: "it cannot be read: \(error.localizedDescription)")
        }
    }
}
