/// Data that cannot be trained on.
package enum TrainingError: Error, Equatable, CustomStringConvertible {
    case noRatings
    /// Measuring compares every user with every movie, in memory.
    case tooLargeToMeasure(users: Int, movies: Int)
    /// A Krylov space of so many dimensions does not hold the leading singular vectors.
    case notConverged(dimensions: Int)
    /// With so many genres no dimension would be left for taste.
    case tooManyGenres(Int, dimensions: Int)
    /// LAPACK's `dsyevr` gave up; `info` is its code.
    case eigenSolverFailed(info: Int)
    /// Not among `Hyperparameters.tunable`.
    case unknownParameter(String)
    case parameterOutside(String, Double, ClosedRange<Double>)

    package var description: String {
        switch self {
        case .noRatings: "there are no ratings to learn from"
        case .tooLargeToMeasure(let users, let movies):
            "\(users) users × \(movies) movies are too many to measure held-out ratings on: train with --no-holdout"
        case .notConverged(let dimensions):
            "the singular value solver did not converge in \(dimensions) dimensions"
        case .tooManyGenres(let genres, let dimensions):
            "\(genres) genres leave too few of \(dimensions) dimensions for taste"
        case .eigenSolverFailed(let info): "the eigenvalue solver failed (dsyevr info \(info))"
        case .unknownParameter(let name): "'\(name)' is not a hyper-parameter that can be tuned"
        case .parameterOutside(let name, let value, let range):
            "\(name) is \(value), outside \(range.lowerBound)…\(range.upperBound)"
        }
    }
}
