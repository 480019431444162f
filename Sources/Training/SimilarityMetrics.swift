/// How good the neighbours of a movie are.
package struct SimilarityMetrics: Sendable, Equatable {
    /// Probability that a test movie a user rated ≥ 4 scores above one rated ≤ 2, mean over users; the score is the mean
    /// of the three highest similarities to the movies the user liked in training. Nil without such users.
    package var tasteAUC: Double?
    /// Mean over the ten nearest neighbours of well-known movies of |shared genres| / |all genres|.
    package var genreJaccard: Double
    /// The same mean of n_ij · U / (n_i · n_j) over likes, capped at 20: how much more often the two are liked together
    /// than by chance.
    package var coLikedLift: Double

    /// By name, for a manifest; without what could not be measured.
    package var named: [String: Double] {
        var result = ["similar_genre_jaccard": genreJaccard, "similar_co_liked_lift": coLikedLift]
        result["similar_taste_auc"] = tasteAUC
        return result
    }
}
