import Kernels
import ModelBundle
import Testing

/// The bundles behind a database's generations, and whether an answer is of one of them and of no other.
struct ServedGenerations: Sendable {
    enum Question: Sendable {
        case similar(Int32)
        case recommendations(Int32)

        var path: String {
            switch self {
            case .similar(let item): "/v1/movies/\(item)/similar"
            case .recommendations(let user): "/v1/users/\(user)/recommendations"
            }
        }
    }

    private struct Vectors: Sendable {
        let bundle: ModelBundle
        let items: [Int32: Int]
        let users: [Int32: Int]

        init(_ bundle: ModelBundle) {
            self.bundle = bundle
            items = Dictionary(uniqueKeysWithValues: bundle.items.enumerated().map { ($1.id, $0) })
            users = Dictionary(uniqueKeysWithValues: bundle.users.enumerated().map { ($1.id, $0) })
        }

        /// The distance that a result has, in double precision; nil where this bundle cannot give it.
        func distance(_ question: Question, to item: Int32) -> Double? {
            guard let row = items[item] else { return nil }
            switch question {
            case .similar(let asked):
                return items[asked].map { distance(bundle.similarity[$0], bundle.similarity[row]) }
            case .recommendations(let user):
                return users[user].map { distance(bundle.userVectors[$0], bundle.itemVectors[row]) }
            }
        }

        private func distance(_ left: FloatMatrix.Row, _ right: FloatMatrix.Row) -> Double {
            zip(left, right).reduce(0.0) { sum, pair in
                let difference = Double(pair.0) - Double(pair.1)
                return sum + difference * difference
            }.squareRoot()
        }
    }

    private let vectors: [Int: Vectors]
    /// Ids that every bundle has.
    let items: ClosedRange<Int32>
    let users: ClosedRange<Int32>

    /// - Parameter bundles: generations 1, 2, … in their order; their ids count from 1.
    init(_ bundles: [ModelBundle]) {
        vectors = Dictionary(uniqueKeysWithValues: bundles.enumerated().map { ($0 + 1, Vectors($1)) })
        items = 1...Int32(bundles.map(\.items.count).min() ?? 1)
        users = 1...Int32(bundles.map(\.users.count).min() ?? 1)
    }

    func randomQuestion() -> Question {
        Bool.random() ? .similar(.random(in: items)) : .recommendations(.random(in: users))
    }

    /// Every distance is the one of the generation that the answer names, and no other generation has them all.
    func check(_ answer: Envelope, to question: Question) {
        let found = answer.results.compactMap { result in result.distance.map { (result.movieId, $0) } }
        #expect(answer.returned == answer.results.count && answer.returned > 0)
        let agreeing = vectors.filter { _, vectors in
            found.allSatisfy { item, distance in
                vectors.distance(question, to: item).map { abs($0 - distance) <= 1e-4 * max(1, $0) } ?? false
            }
        }
        // A user or an item without a vector is answered by popularity, without distances.
        if found.isEmpty {
            #expect(vectors[answer.generation] != nil && answer.results.allSatisfy { $0.source == "popular" })
        } else {
            #expect(Array(agreeing.keys) == [answer.generation], "\(question)")
        }
    }
}
