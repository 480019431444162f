/// Data that cannot be trained on.
package enum TrainingError: Error, Equatable, CustomStringConvertible {
    case noRatings
    /// The dense solver needs memory of users × movies and time of the smaller side cubed.
    case tooLarge(users: Int, movies: Int)
    /// With so many genres no dimension would be left for taste.
    case tooManyGenres(Int, dimensions: Int)
    /// LAPACK's `dsyevr` gave up; `info` is its code.
    case eigenSolverFailed(info: Int)

    package var description: String {
        switch self {
        case .noRatings: "there are no ratings to learn from"
        case .tooLarge(let users, let movies):
            "\(users) users × \(movies) movies are too many for the dense solver: it takes up to "
                + "\(SizeLimit.cells) pairs and \(SizeLimit.smallerSide) on the smaller side; train on a sample"
        case .tooManyGenres(let genres, let dimensions):
            "\(genres) genres leave too few of \(dimensions) dimensions for taste"
        case .eigenSolverFailed(let info): "the eigenvalue solver failed (dsyevr info \(info))"
        }
    }
}

/// What the dense path takes: half a gigabyte for a matrix, half a minute on one core for each of the two spaces.
enum SizeLimit {
    static let cells = 64_000_000
    static let smallerSide = 4_000

    static func check(users: Int, movies: Int) throws(TrainingError) {
        let (cells, overflow) = users.multipliedReportingOverflow(by: movies)
        guard !overflow, cells <= SizeLimit.cells, min(users, movies) <= SizeLimit.smallerSide else {
            throw .tooLarge(users: users, movies: movies)
        }
    }
}
