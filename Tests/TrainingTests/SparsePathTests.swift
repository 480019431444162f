import Kernels
import ModelBundle
import MovieLens
import Testing
import Training

@Suite struct SparsePathTests {
    private let dataset: Dataset

    init() throws {
        dataset = try SyntheticCatalogue(users: 70, movies: 110, ratings: 1_800, seed: 11).generate()
    }

    /// The largest difference between two matrices of one shape.
    private func difference(_ left: FloatMatrix, _ right: FloatMatrix) -> Float {
        var worst: Float = 0
        for row in 0..<left.rows {
            for (one, other) in zip(left[row], right[row]) { worst = max(worst, abs(one - other)) }
        }
        return worst
    }

    @Test func `the sparse solver finds the dense solver's vectors`() throws {
        let dense = try Trainer(solver: SpectralSolver(path: .dense)).vectors(of: dataset)
        let sparse = try Trainer(solver: SpectralSolver(path: .sparse)).vectors(of: dataset)
        let scale = Float(dense.recommender.geometry.maximumNorm)
        #expect(difference(dense.recommender.itemVectors, sparse.recommender.itemVectors) <= 1e-4 * scale)
        #expect(difference(dense.recommender.userVectors, sparse.recommender.userVectors) <= 1e-4 * scale)
        #expect(difference(dense.similarity, sparse.similarity) <= 1e-4)
        #expect(difference(dense.recommender.encoder, sparse.recommender.encoder) <= 1e-4)
    }

    @Test func `the number of threads does not change a bit`() throws {
        func hash(_ workers: Int) throws -> String {
            let trainer = Trainer(solver: SpectralSolver(path: .sparse, workers: workers))
            return try trainer.bundle(
                trainer.vectors(of: dataset), of: dataset, metrics: [:], labels: .init(name: "test", checksum: "")
            ).manifest.contentHash
        }
        let one = try hash(1)
        #expect(try hash(2) == one)
        #expect(try hash(7) == one)
    }

    @Test(arguments: [(12, 40, 60), (40, 12, 90), (1, 4, 1), (2, 2, 2)])
    func `the sparse solver trains on tiny data of a low rank`(users: Int, movies: Int, ratings: Int) throws {
        let dataset = try SyntheticCatalogue(users: users, movies: movies, ratings: ratings, seed: 5).generate()
        let trainer = Trainer(solver: SpectralSolver(path: .sparse, workers: 2))
        let bundle = try trainer.bundle(
            trainer.vectors(of: dataset), of: dataset, metrics: [:], labels: .init(name: "test", checksum: ""))
        #expect(bundle.itemVectors.columns == 64)
        #expect(bundle.users.count == users)
    }

    @Test func `a matrix that falls apart into equal blocks keeps all of its eigenvalues`() throws {
        // Twenty users who each rated one movie of their own: the identity, whose one eigenvalue is twentyfold.
        let ratings = RatingMatrix(
            (1...20).map { Rating(user: $0, item: $0, value: 5, timestamp: 0) }, movies: Array(1...20),
            users: Array(1...20))
        let factors = try SpectralFactors(of: SparseMatrix(ratings) { _ in 1 }, count: 20)
        #expect(factors.eigenvalues.count == 20)
        #expect(factors.eigenvalues.allSatisfy { abs($0 - 1) < 1e-12 })
    }

    @Test func `both orientations hold the same entries`() throws {
        let ratings = RatingMatrix(
            [(1, 1), (1, 3), (2, 2), (3, 1)].map { Rating(user: $0, item: $1, value: 4, timestamp: 0) },
            movies: [1, 2, 3], users: [1, 2, 3, 4])
        // One more user than movies, so the items' side is solved; the other way round below.
        let tall = try SpectralFactors(of: SparseMatrix(ratings) { Double($0.item + 1) }, count: 3)
        let dense = try SpectralFactors(of: matrix([[1, 0, 3], [0, 2, 0], [1, 0, 0], [0, 0, 0]]), count: 3)
        for (one, other) in zip(tall.eigenvalues, dense.eigenvalues) { #expect(abs(one - other) < 1e-12) }
        #expect(tall.eigenvalues.count == dense.eigenvalues.count)
    }

    private func matrix(_ rows: [[Double]]) -> Matrix {
        var result = Matrix(rows: rows.count, columns: rows[0].count)
        result.values = rows.flatMap { $0 }
        return result
    }
}
