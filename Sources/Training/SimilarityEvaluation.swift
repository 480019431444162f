package import Kernels
import ModelBundle
package import MovieLens

/// Measures neighbours in the similarity space: by taste, by genre and by what people like together.
package struct SimilarityEvaluation: Sendable {
    private static let neighbours = 10
    /// Movies with fewer train ratings are not asked for neighbours.
    private static let fewestRatings = 20
    private static let fewestLikes = 3
    private static let highestLift = 20.0
    private static let like: Float = 4
    private static let dislike: Float = 2

    private let movies: [Int32]
    private let users: [Int32]
    private let train: RatingMatrix
    private let genreFlags: Matrix

    package init(train: Dataset) {
        movies = train.movies.map(\.id)
        users = train.users.map(\.id)
        self.train = RatingMatrix(train)
        genreFlags = GenreFlags.matrix(train.movies, genres: train.genres)
    }

    /// - Parameter vectors: items × d with unit rows. O(items² · d).
    package func metrics(_ vectors: FloatMatrix, test: [Rating]) -> SimilarityMetrics {
        let exact = Matrix(vectors)
        let cosines = BLAS.product(exact, exact, transposingB: true)
        let (jaccard, lift) = neighbourQuality(exact, hasVector: vectors.hasValues())
        return SimilarityMetrics(
            tasteAUC: tasteAUC(cosines, RatingMatrix(test, movies: movies, users: users)), genreJaccard: jaccard,
            coLikedLift: lift)
    }

    private func neighbourQuality(_ vectors: Matrix, hasVector: [Bool]) -> (jaccard: Double, lift: Double) {
        let distances = SquaredDistances(from: vectors, to: vectors)
        let shared = BLAS.product(genreFlags, genreFlags, transposingB: true)
        let liked = train.dense { $0.rating >= SimilarityEvaluation.like ? 1 : 0 }
        let together = BLAS.gram(ofColumns: liked)
        var jaccardSum = 0.0
        var liftSum = 0.0
        var pairs = 0.0
        var isCandidate = hasVector
        for item in movies.indices
        where hasVector[item] && train.itemCounts[item] >= SimilarityEvaluation.fewestRatings {
            isCandidate[item] = false
            let nearest = distances.nearest(to: item, among: isCandidate, count: SimilarityEvaluation.neighbours)
            isCandidate[item] = true
            for other in nearest {
                let union = shared[item, item] + shared[other, other] - shared[item, other]
                jaccardSum += union > 0 ? shared[item, other] / union : 0
                let product = max(together[item, item], 1) * max(together[other, other], 1)
                let lift = together[item, other] * Double(users.count) / product
                liftSum += min(lift, SimilarityEvaluation.highestLift)
                pairs += 1
            }
        }
        return pairs > 0 ? (jaccardSum / pairs, liftSum / pairs) : (0, 0)
    }

    private func tasteAUC(_ cosines: Matrix, _ test: RatingMatrix) -> Double? {
        var sum = 0.0
        var measured = 0.0
        for user in users.indices {
            let liked = train.entries[train.ranges[user]].filter { $0.rating >= SimilarityEvaluation.like }.map(\.item)
            guard liked.count >= SimilarityEvaluation.fewestLikes else { continue }
            let entries = test.entries[test.ranges[user]]
            let above = entries.filter { $0.rating >= SimilarityEvaluation.like }.map { score($0.item, liked, cosines) }
            let below = entries.filter { $0.rating <= SimilarityEvaluation.dislike }
                .map { score($0.item, liked, cosines) }
            guard !above.isEmpty, !below.isEmpty else { continue }
            var wins = 0.0
            for high in above {
                for low in below { wins += high > low ? 1 : (high == low ? 0.5 : 0) }
            }
            sum += wins / Double(above.count * below.count)
            measured += 1
        }
        return measured > 0 ? sum / measured : nil
    }

    /// The mean of the three highest similarities to the liked movies.
    private func score(_ item: Int, _ liked: [Int], _ cosines: Matrix) -> Double {
        var first = -2.0
        var second = -2.0
        var third = -2.0
        cosines.values.withUnsafeBufferPointer { all in
            let start = item * cosines.columns
            for other in liked {
                let cosine = all[start + other]
                if cosine > first {
                    (first, second, third) = (cosine, first, second)
                } else if cosine > second {
                    (second, third) = (cosine, second)
                } else if cosine > third {
                    third = cosine
                }
            }
        }
        return (first + second + third) / 3
    }
}
