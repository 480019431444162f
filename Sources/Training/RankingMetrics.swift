/// How well rankings find what users went on to watch, and what they show of the catalogue.
package struct RankingMetrics: Sendable, Equatable {
    /// Means over the users with test items; zero without any.
    package var means = UserScores.zero
    /// The share of the catalogue that appears in any ranking, 0…1.
    package var coverage = 0.0
    /// How unevenly the places in the rankings go to the items of the catalogue: 0 when all get the same number, near 1
    /// when one gets all. Σ (2i − n − 1) x_i / (n Σ x), x the ascending counts and i from 1.
    package var gini = 0.0
    /// The mean over all places of −log2 of the share of training users who have the item, in bits.
    ///
    /// Source: mean self-information, Zhou et al., "Solving the apparent diversity-accuracy dilemma of recommender
    /// systems" (PNAS 2010).
    package var novelty = 0.0
    /// Users with at least one test item.
    package var users = 0

    package init() {}

    package var ndcg: Double { means.ndcg }
    package var recall: Double { means.recall }
    package var precision: Double { means.precision }
    package var map: Double { means.map }
    package var mapAtK: Double { means.mapAtK }

    /// By the names of the published benchmark.
    package var named: [String: Double] {
        var result = ["coverage": coverage, "gini": gini, "novelty": novelty, "users": Double(users)]
        for (name, path) in UserScores.measures { result[name] = means[keyPath: path] }
        return result
    }
}
