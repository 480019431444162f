/// What the recipe fixes. The ranking is flat around these values: none was tuned on a test split.
package struct Hyperparameters: Sendable {
    /// Columns of item and user vectors, the genres and the augmentation included.
    package var dimensions = 64
    package var similarityDimensions = 64
    /// Exponents of the user's and item's count in the normalised matrix.
    package var userExponent = 0.3
    package var itemExponent = 0.3
    /// Exponents of the item's count in the encoder and, positive, in the decoder.
    package var encoderExponent = 0.4
    package var decoderExponent = 0.3
    /// The filter λᵖ / (λᵖ + λ_cᵖ): p, and c counted from 1.
    package var filterPower = 3.0
    package var filterCut = 13
    package var userGenreWeight = 0.2
    /// The prior of a user vector: so many times the mean encoder row over all ratings.
    package var priorItems = 8.0

    package var likeThreshold: Float = 4
    package var likeShrinkage = 10.0
    package var likeDimensions = 64
    package var biasShrinkage = 5.0
    package var residualShrinkage = 20.0
    package var residualDimensions = 48
    package var residualWeight = 0.7
    package var genreWeight = 0.4

    package init() {}

    /// By name, for a manifest.
    package var named: [String: Double] {
        [
            "dimensions": Double(dimensions), "similarity_dimensions": Double(similarityDimensions),
            "user_exponent": userExponent, "item_exponent": itemExponent, "encoder_exponent": encoderExponent,
            "decoder_exponent": decoderExponent, "filter_power": filterPower, "filter_cut": Double(filterCut),
            "user_genre_weight": userGenreWeight, "prior_items": priorItems, "like_threshold": Double(likeThreshold),
            "like_shrinkage": likeShrinkage, "like_dimensions": Double(likeDimensions),
            "bias_shrinkage": biasShrinkage, "residual_shrinkage": residualShrinkage,
            "residual_dimensions": Double(residualDimensions), "residual_weight": residualWeight,
            "genre_weight": genreWeight,
        ]
    }
}
