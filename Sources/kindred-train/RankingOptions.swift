import ArgumentParser
import Settings

/// How a ranking is measured.
struct RankingOptions: ParsableArguments {
    @Option(help: "The length of the ranking, 1…1000 and at most the number of movies (default 10).")
    var k: Int?

    @Option(help: "Only test ratings of at least this many stars are relevant, 1…5 (default 1: all).")
    var relevantFrom: Int?

    @Flag(help: "Print the metrics as JSON.")
    var json = false

    func k(_ settings: Settings, movies: Int) throws -> Int {
        let k = try settings.int("k", flag: k, default: 10, in: 1...1_000)
        guard k <= movies else { throw Failure(.usage, "k is \(k) and the catalogue has only \(movies) movies") }
        return k
    }

    func relevantFrom(_ settings: Settings) throws -> Float {
        Float(try settings.int("relevant.from", flag: relevantFrom, default: 1, in: 1...5))
    }

    func writesJSON(_ settings: Settings) throws -> Bool {
        try settings.bool("json", flag: json ? true : nil, default: false)
    }
}
