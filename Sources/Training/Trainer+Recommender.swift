package import MovieLens

extension Trainer {
    /// The recommendation space alone.
    package func recommender(of dataset: Dataset) throws(TrainingError) -> SpectralRecommender {
        try SpectralRecommender(
            RatingMatrix(dataset), genreFlags: GenreFlags.matrix(dataset.movies, genres: dataset.genres), parameters,
            solver: solver)
    }
}
