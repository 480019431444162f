import ArgumentParser
import Foundation
import MovieLens
import Settings

/// `kindred-train split`
struct SplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Divide the ratings into a file to learn from and a file to measure on.",
        discussion: """
            item-stratified: the published benchmark's split, 75 % of each movie's ratings and the rest. temporal: what \
            was rated before a day and since, by default the last fifth of the ratings.
            The files hold ratings, which GroupLens does not allow to pass on.
            """)

    enum SplitProtocol: String, CaseIterable, ExpressibleByArgument {
        case itemStratified = "item-stratified"
        case temporal
    }

    @OptionGroup var common: CommonOptions

    @Option(help: "A MovieLens folder (KINDRED_DATA, MOVIELENS_100K).")
    var data: String?

    @Option(name: .customLong("protocol"), help: "item-stratified or temporal (default item-stratified).")
    var splitProtocol: SplitProtocol?

    @Option(help: "item-stratified: seed of NumPy's legacy generator, 0…4294967295 (default 42, the published one).")
    var seed: Int?

    @Option(help: "temporal: the first day of the test side, such as 1998-03-01, UTC.")
    var before: String?

    @Option(help: "temporal: the share of the ratings, the last by time, to measure on, 0.01…0.99 (default 0.2).")
    var share: Double?

    @Option(help: "The folder for the two files (default <home>/splits).")
    var out: String?

    func run() async throws {
        try await Failure.reported {
            let settings = try await common.settings()
            let home = try common.home(settings)
            let source = DataSource(
                locator: DatasetLocator(
                    folder: try settings.string("data", flag: data), home: home,
                    environment: ProcessInfo.processInfo.environment),
                fetcher: try common.fetcher(settings))
            let out = URL(fileURLWithPath: try settings.string("out", flag: out) ?? "\(home)/splits")
            let made: Made
            switch try settings.choice("protocol", flag: splitProtocol, default: .itemStratified) {
            case .itemStratified: made = try await itemStratified(settings, source)
            case .temporal: made = try await temporal(settings, source)
            }
            for (part, ratings) in [("train", made.train), ("test", made.test)] {
                guard !ratings.isEmpty else {
                    throw Failure(.badData, "the \(part) side of this split has no ratings")
                }
            }
            for (part, ratings) in [("train", made.train), ("test", made.test)] {
                let file = out.appending(path: "\(made.name).\(part).tsv")
                try write(ratings, to: file)
                Console.output(file.path)
            }
        }
    }

    private struct Made {
        let name: String
        let train: [Rating]
        let test: [Rating]
    }

    private func itemStratified(_ settings: Settings, _ source: DataSource) async throws -> Made {
        let temporalOnly = [
            ("before", try settings.string("before", flag: before) != nil), ("share", share != nil),
        ]
        for (name, isGiven) in temporalOnly where isGiven {
            throw Failure(.usage, "--\(name) belongs to --protocol temporal")
        }
        let seed = try settings.int("seed", flag: seed, default: 42, in: 0...Int(UInt32.max))
        let dataset = try await ratings(source)
        let split = ItemStratifiedSplit(dataset.ratings, seed: UInt32(seed))
        return Made(name: "item-stratified-seed\(seed)", train: split.train, test: split.test)
    }

    private func temporal(_ settings: Settings, _ source: DataSource) async throws -> Made {
        guard seed == nil else { throw Failure(.usage, "--seed belongs to --protocol item-stratified") }
        let share = try settings.double("share", flag: share, default: 0.2, in: 0.01...0.99)
        let day = try settings.string("before", flag: before)
        if day != nil, self.share != nil { throw Failure(.usage, "--before and --share both say where to divide") }
        let moment = try day.map(SplitCommand.startOfDay)
        let dataset = try await ratings(source)
        let split: TemporalSplit
        let name: String
        if let moment, let day {
            split = TemporalSplit(dataset.ratings, before: moment)
            name = "temporal-\(day)"
        } else {
            split = TemporalSplit(dataset.ratings, testShare: share)
            name = "temporal-share\(share)"
        }
        let date = Date(timeIntervalSince1970: Double(split.moment)).formatted(.iso8601)
        Console.note("\(split.train.count) ratings before \(date), \(split.test.count) since")
        try LoadedSplit(train: dataset.with(ratings: split.train), test: split.test).describe()
        return Made(name: name, train: split.train, test: split.test)
    }

    private func ratings(_ source: DataSource) async throws -> Dataset {
        var badRows = BadRows()
        return try Dataset.read(anyFolder: try await source.folder(), badRows: &badRows)
    }

    /// Seconds since 1970 of midnight, UTC.
    private static func startOfDay(_ text: String) throws -> Int64 {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
            let date = CivilDate(year: year, month: month, day: day), date.description == text
        else { throw Failure(.usage, "--before: '\(text)' is not a day such as 1998-03-01") }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0)!
        let midnight = calendar.date(from: DateComponents(year: year, month: month, day: day))!
        return Int64(midnight.timeIntervalSince1970)
    }

    /// `4`, or `4.5` where a data set has half stars.
    private static func stars(_ value: Float) -> String {
        Int(exactly: value).map(String.init) ?? String(value)
    }

    private func write(_ ratings: [Rating], to file: URL) throws {
        let lines = ratings.map { "\($0.user)\t\($0.item)\t\(SplitCommand.stars($0.value))\t\($0.timestamp)\n" }
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(lines.joined().utf8).write(to: file, options: .atomic)
        } catch {
            throw Failure(.cannotWrite, "cannot write \(file.path): \(error.localizedDescription)")
        }
    }
}
