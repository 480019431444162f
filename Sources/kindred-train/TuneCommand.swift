import ArgumentParser
import Foundation
import Settings
import Training

/// `kindred-train tune`
struct TuneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Search for better hyper-parameters on validation ratings carved from the train file.",
        discussion: """
            No test file is read. Coordinate ascent from the recipe; a trial's figure is the mean nDCG@10 over two \
            carvings. kindred-train train --tuned uses the file that is written.
            """)

    @OptionGroup var split: TrainFileOptions

    @Option(help: "The most sets of values that are tried, 1…10000 (default 40).")
    var trials: Int?

    @Option(help: "Seed of the carvings, 0…4294967294 (default 42).")
    var seed: Int?

    @Option(help: "The file for the result (default <home>/tuned.json).")
    var out: String?

    @Flag(help: "Print the result as JSON instead of the table.")
    var json = false

    func run() async throws {
        try await Failure.reported {
            let settings = try await split.common.settings()
            let trials = try settings.int("trials", flag: trials, default: 40, in: 1...10_000)
            let seed = try settings.int("seed", flag: seed, default: 42, in: 0...Int(UInt32.max) - 1)
            let home = try split.common.home(settings)
            let out = URL(fileURLWithPath: try settings.string("out", flag: out) ?? "\(home)/tuned.json")
            let writesJSON = try settings.bool("json", flag: json ? true : nil, default: false)
            let dataset = try await split.load(settings).train

            let table = TuningTable(writesToOutput: !writesJSON)
            let best = try Tuning(train: dataset, seed: UInt32(seed)).run(trials: trials, report: table.add)
            let tuned = TunedParameters(
                parameters: best.values, validationNDCG: best.ndcg, startNDCG: table.startNDCG, trials: table.trials,
                seed: seed)
            try tuned.write(to: out)
            if writesJSON { try Console.output(json: tuned) }
            Console.note("written: \(out.path)")
        }
    }
}

/// The trials as they come, one row each.
private final class TuningTable {
    private(set) var trials = 0
    private(set) var startNDCG = 0.0
    private let writesToOutput: Bool
    private let names = Hyperparameters.tunable.map(\.name)

    init(writesToOutput: Bool) {
        self.writesToOutput = writesToOutput
        write(["trial"] + names + ["ndcg", ""])
    }

    func add(_ trial: Tuning.Trial) {
        trials += 1
        if trials == 1 { startNDCG = trial.ndcg }
        let values = names.map { name in
            String(format: "%g", trial.values[name]!) + (name == trial.changed ? " <" : "")
        }
        write(["\(trials)"] + values + [String(format: "%.4f", trial.ndcg), trial.isBest ? "best" : ""])
    }

    private func write(_ cells: [String]) {
        let row = zip(cells, [5] + names.map { max($0.count, 6) } + [6, 4]).map { cell, width in
            cell + String(repeating: " ", count: max(0, width - cell.count))
        }
        let line = row.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
        if writesToOutput { Console.output(line) } else { Console.note(line) }
    }
}
