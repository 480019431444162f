import ArgumentParser
import MovieLens
import Settings

/// The two sides of a split: what every measuring command takes.
struct SplitOptions: ParsableArguments {
    @OptionGroup var learning: TrainFileOptions

    @Option(help: "The ratings to measure on.")
    var test: String?

    var common: CommonOptions { learning.common }

    func load(_ settings: Settings) async throws -> LoadedSplit {
        let testFile = try TrainFileOptions.file("test", test, settings)
        let (train, test) = try await learning.load(settings, test: testFile)
        return try LoadedSplit(train: train, test: test)
    }
}
