import ModelBundle
import MovieLens
import Testing
import Training

@Suite struct TuningTests {
    private let dataset: Dataset

    init() throws {
        dataset = try SyntheticCatalogue(users: 60, movies: 90, ratings: 1_500, seed: 3).generate()
    }

    @Test func `the first trial is the recipe and the result is the best trial`() throws {
        var trials: [Tuning.Trial] = []
        let best = try Tuning(train: dataset, carvings: 1).run(trials: 6) { trials.append($0) }
        #expect(trials.count == 6)
        #expect(trials[0].changed == nil)
        #expect(trials[0].values["filter_cut"] == Double(Hyperparameters().filterCut))
        #expect(best.ndcg == trials.map(\.ndcg).max())
        #expect(Set(trials.map(\.values)).count == 6)
        for trial in trials.dropFirst() { #expect(trial.changed != nil) }
    }

    @Test func `the same seed gives the same search`() throws {
        var runs: [[Double]] = []
        for _ in 0..<2 {
            var figures: [Double] = []
            _ = try Tuning(train: dataset, seed: 3, carvings: 2).run(trials: 3) { figures.append($0.ndcg) }
            runs.append(figures)
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0].allSatisfy { $0 > 0 })
    }

    @Test func `the recipe's own values are on every grid`() {
        let named = Hyperparameters().named
        for tunable in Hyperparameters.tunable {
            #expect(tunable.grid.contains(named[tunable.name]!), "\(tunable.name)")
            #expect(tunable.grid == tunable.grid.sorted())
        }
    }

    @Test func `what is set is what is used, and the rest stays`() throws {
        for tunable in Hyperparameters.tunable {
            let changed = try Hyperparameters().setting([tunable.name: tunable.grid[0]])
            #expect(changed.named[tunable.name] == tunable.grid[0])
            var others = changed.named
            others[tunable.name] = Hyperparameters().named[tunable.name]
            #expect(others == Hyperparameters().named)
        }
    }

    @Test func `an unknown name, a value outside its range and NaN are refused`() {
        #expect(throws: TrainingError.unknownParameter("depth")) { try Hyperparameters().setting(["depth": 3]) }
        #expect(throws: TrainingError.self) { try Hyperparameters().setting(["filter_cut": 0]) }
        #expect(throws: TrainingError.self) { try Hyperparameters().setting(["filter_power": .nan]) }
    }

    @Test func `a bundle records how its values were found`() throws {
        let parameters = try Hyperparameters().setting(["filter_cut": 10])
        let trainer = Trainer(parameters)
        let bundle = try trainer.bundle(
            trainer.vectors(of: dataset), of: dataset, metrics: [:],
            labels: .init(name: "test", checksum: "", tuning: ["tuned_trials": 6]))
        #expect(bundle.manifest.hyperparameters["filter_cut"] == 10)
        #expect(bundle.manifest.hyperparameters["tuned_trials"] == 6)
    }

    @Test func `nothing to learn from is refused`() {
        #expect(throws: TrainingError.noRatings) { try Tuning(train: dataset.with(ratings: [])) }
    }
}
