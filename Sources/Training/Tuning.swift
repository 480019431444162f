package import MovieLens

/// A search for better hyper-parameters that never sees a test rating.
///
/// Coordinate ascent: from the recipe, one hyper-parameter after the other walks up or down its grid as long as the
/// nDCG@10 on validation ratings grows; rounds go on until none of them helps or the trials are spent.
package struct Tuning: Sendable {
    /// One set of values and what it achieved.
    package struct Trial: Sendable {
        /// By the names of `Hyperparameters.tunable`.
        package let values: [String: Double]
        /// The one that differs from the best set so far; nil for the recipe itself.
        package let changed: String?
        /// Mean over the carvings.
        package let ndcg: Double
        /// Better than every trial before.
        package let isBest: Bool
    }

    private struct Carving {
        let train: Dataset
        let evaluation: Evaluation
        let validation: [Rating]
    }

    private let carvings: [Carving]

    /// - Parameters:
    ///   - train: the train side of a split; validation ratings are carved from it, a quarter of each movie's.
    ///   - carvings: how many times that is done, with the seeds `seed`, `seed` + 1, …; a trial is measured on all.
    package init(train: Dataset, seed: UInt32 = 42, carvings: Int = 2) throws(TrainingError) {
        precondition(carvings > 0)
        guard !train.ratings.isEmpty else { throw .noRatings }
        self.carvings = (0..<carvings).map { index in
            let split = ItemStratifiedSplit(train.ratings, seed: seed &+ UInt32(index))
            let kept = train.with(ratings: split.train)
            return Carving(train: kept, evaluation: Evaluation(train: kept), validation: split.test)
        }
    }

    /// Searches from the recipe.
    ///
    /// - Parameters:
    ///   - trials: the most that are made, at least 1.
    ///   - report: called after each trial.
    /// - Returns: the best trial; the recipe itself when nothing is better.
    package func run(trials: Int, report: (Trial) -> Void = { _ in }) throws(TrainingError) -> Trial {
        precondition(trials > 0)
        let names = Set(Hyperparameters.tunable.map(\.name))
        let start = Hyperparameters().named.filter { names.contains($0.key) }
        var best = Trial(values: start, changed: nil, ndcg: try measure(start), isBest: true)
        report(best)
        var made = 1
        var tried: Set<[String: Double]> = [best.values]
        var hasImproved = true
        while hasImproved {
            hasImproved = false
            for tunable in Hyperparameters.tunable {
                for step in [1, -1] {
                    while made < trials, let next = neighbour(of: best.values, tunable, step) {
                        guard tried.insert(next).inserted else { break }
                        let ndcg = try measure(next)
                        let trial = Trial(values: next, changed: tunable.name, ndcg: ndcg, isBest: ndcg > best.ndcg)
                        made += 1
                        report(trial)
                        guard trial.isBest else { break }
                        best = trial
                        hasImproved = true
                    }
                }
            }
        }
        return best
    }

    /// The same values with one of them moved on its grid; nil at the grid's end.
    private func neighbour(
        of values: [String: Double], _ tunable: Hyperparameters.Tunable, _ step: Int
    ) -> [String: Double]? {
        guard let index = tunable.grid.firstIndex(of: values[tunable.name]!) else { return nil }
        guard tunable.grid.indices.contains(index + step) else { return nil }
        var result = values
        result[tunable.name] = tunable.grid[index + step]
        return result
    }

    private func measure(_ values: [String: Double]) throws(TrainingError) -> Double {
        let trainer = Trainer(try Hyperparameters().setting(values))
        var sum = 0.0
        for carving in carvings {
            let recommender = try trainer.recommender(of: carving.train)
            sum +=
                carving.evaluation.ranking(
                    userVectors: recommender.userVectors, itemVectors: recommender.itemVectors,
                    test: carving.validation
                ).ndcg
        }
        return sum / Double(carvings.count)
    }
}
