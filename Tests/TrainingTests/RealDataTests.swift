import Foundation
import Kernels
import ModelBundle
import MovieLens
import Testing
import Training

/// What the vectors must achieve on the published split. One test, so that it is trained once.
@Suite struct RealDataTests {
    @Test(.enabled(if: RealData.isExpected)) func `the published split is ranked as measured`() throws {
        let (train, test) = try RealData.split()
        let vectors = try Trainer().vectors(of: train)
        let recommender = vectors.recommender

        let ranking = Evaluation(train: train).ranking(
            userVectors: recommender.userVectors, itemVectors: recommender.itemVectors, test: test)
        #expect(ranking.users == 943)
        #expect(ranking.ndcg >= 0.505)
        #expect(ranking.recall >= 0.237)
        #expect(ranking.precision >= 0.436)
        #expect(ranking.mapAtK >= 0.363)

        let similar = SimilarityEvaluation(train: train).metrics(vectors.similarity, test: test)
        #expect(try #require(similar.tasteAUC) >= 0.72)
        #expect(similar.genreJaccard >= 0.46)
        #expect(similar.coLikedLift >= 9)

        try expectSparseSolverAgrees(train, vectors)
        expectNeighboursOfStarWars(train, vectors.similarity)
        try expectRecomputedUsers(train, vectors)
    }

    /// The path for large data, on data small enough for both.
    private func expectSparseSolverAgrees(_ dataset: Dataset, _ dense: Trainer.Vectors) throws {
        let sparse = try Trainer(solver: SpectralSolver(path: .sparse)).vectors(of: dataset)
        let norm = Float(dense.recommender.geometry.maximumNorm)
        let pairs = [
            (dense.recommender.itemVectors, sparse.recommender.itemVectors, norm),
            (dense.recommender.userVectors, sparse.recommender.userVectors, norm),
            (dense.similarity, sparse.similarity, 1),
        ]
        for (left, right, scale) in pairs {
            var worst: Float = 0
            left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { right in
                    for position in left.indices { worst = max(worst, abs(left[position] - right[position])) }
                }
            }
            #expect(worst <= 1e-4 * scale)
        }
    }

    private func expectNeighboursOfStarWars(_ dataset: Dataset, _ similarity: FloatMatrix) {
        let starWars = 49
        let cosines = dataset.movies.indices.map { row in
            zip(similarity[starWars], similarity[row]).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let nearest = cosines.indices.sorted { cosines[$0] > cosines[$1] }.dropFirst().prefix(8)
        let titles = Set(nearest.map { dataset.movies[$0].title })
        #expect(dataset.movies[starWars].title == "Star Wars (1977)")
        #expect(
            titles.isSuperset(of: [
                "Return of the Jedi (1983)", "Empire Strikes Back, The (1980)", "Raiders of the Lost Ark (1981)",
            ]))
    }

    /// Through a bundle on disk, from the catalogue's ids: as the loader and the service do it.
    private func expectRecomputedUsers(_ dataset: Dataset, _ vectors: Trainer.Vectors) throws {
        let made = try Trainer().bundle(vectors, of: dataset, metrics: [:], labels: .init(name: "test", checksum: ""))
        let folder = FileManager.default.temporaryDirectory.appending(path: "kindred-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try made.write(to: folder)
        let bundle = try ModelBundle.read(at: folder)

        let encoder = UserEncoder(bundle)
        let rows = Dictionary(uniqueKeysWithValues: zip(bundle.items.map(\.id), bundle.items.indices))
        let histories = Dictionary(grouping: bundle.interactions, by: \.user)
        var worst: Float = 0
        for (row, user) in bundle.users.enumerated() {
            let history = try #require(histories[user.id]).map {
                UserEncoder.Entry(row: rows[$0.item]!, rating: $0.value)
            }
            let vector = try #require(encoder.encode(history))
            for (ours, stored) in zip(vector, bundle.userVectors[row]) { worst = max(worst, abs(ours - stored)) }
        }
        #expect(bundle.users.count == 943)
        #expect(worst <= 1e-5)
    }
}
