/// What the recipe of the rating head fixes; chosen on inner folds of `u1.base` and `u2.base`.
package struct RatingHeadParameters: Sendable {
    /// The lowest and the highest rating that can be given.
    package var lowest = 1.0
    package var highest = 5.0
    package var itemShrinkage = 3.0
    package var userShrinkage = 5.0
    package var groupShrinkage = 20.0
    package var profileShrinkage = 10.0
    /// What a rating one year away counts for: e^(−1/5).
    package var yearDecay = 0.8187307530779818
    /// n / (n + this) multiplies a correlation over n common users.
    package var correlationShrinkage = 50.0
    /// The length of a neighbour list.
    package var neighbors = 200
    /// Of a user with more ratings, an even selection of this many enters the neighbour lists, so that their cost
    /// stays linear in the number of ratings.
    package var ratingsPerUser = 1_000
    /// How many parts the ratings are cut into: each part's features come from the others.
    package var innerFolds = 5
    /// With more ratings than this, one part tells as much as all five and costs a fifth.
    package var ratingsForOneFold = 2_000_000
    package var ridge = 100.0
    /// Of the split that the re-rank's weight is learned on.
    package var rerankSeed: UInt32 = 7

    package init() {}

    /// By name, for a manifest.
    package var named: [String: Double] {
        [
            "rating_item_shrinkage": itemShrinkage, "rating_user_shrinkage": userShrinkage,
            "rating_group_shrinkage": groupShrinkage, "rating_profile_shrinkage": profileShrinkage,
            "rating_year_decay": yearDecay, "rating_correlation_shrinkage": correlationShrinkage,
            "rating_neighbors": Double(neighbors), "rating_ratings_per_user": Double(ratingsPerUser),
            "rating_inner_folds": Double(innerFolds), "rating_ridge": ridge,
        ]
    }
}
