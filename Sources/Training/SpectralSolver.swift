/// How the leading singular vectors of the ratings are found.
package struct SpectralSolver: Sendable {
    package enum Path: Sendable {
        /// Dense up to a size, sparse above.
        case automatic
        case dense
        case sparse
    }

    package var path: Path
    /// Threads of the sparse path; the result does not depend on it.
    package var workers: Int

    package init(path: Path = .automatic, workers: Int = Parallel.processors) {
        self.path = path
        self.workers = workers
    }

    /// The dense path takes a matrix of 64 MB and the eigenvectors of 2,000 × 2,000: seconds on one core. Above that
    /// the sparse one, linear in the ratings, is faster too.
    private static let denseCells = 8_000_000
    private static let denseSide = 2_000

    /// The leading right singular vectors of the users × items matrix with `value` at each rating.
    func factors(
        of ratings: RatingMatrix, count: Int, _ value: (RatingMatrix.Entry) -> Double
    ) throws(TrainingError) -> SpectralFactors {
        isDense(ratings)
            ? try SpectralFactors(of: ratings.dense(value), count: count)
            : try SpectralFactors(of: SparseMatrix(ratings, value), count: count, workers: workers)
    }

    private func isDense(_ ratings: RatingMatrix) -> Bool {
        switch path {
        case .dense: true
        case .sparse: false
        case .automatic:
            min(ratings.users, ratings.items) <= SpectralSolver.denseSide
                && ratings.users <= SpectralSolver.denseCells / max(ratings.items, 1)
        }
    }
}
