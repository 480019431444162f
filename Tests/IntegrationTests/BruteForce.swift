import Foundation
import Kernels
import ModelBundle
import MovieLens

/// The oracle: every answer computed from the bundle in double precision, with none of the service's code.
struct BruteForce {
    let bundle: ModelBundle
    private let seen: [Int32: Set<Int32>]

    init(_ bundle: ModelBundle) {
        self.bundle = bundle
        seen = bundle.interactions.reduce(into: [:]) { $0[$1.user, default: []].insert($1.item) }
    }

    /// An item and the inner product by which it ranks.
    struct Ranked {
        let id: Int32
        let product: Double
    }

    /// Item ids by descending inner product with the user, ties by id, seen items left out.
    func recommendations(userRow: Int, count: Int) -> [Int32] {
        ranked(userRow: userRow, count: count).map(\.id)
    }

    /// Item ids by descending cosine with an item (the vectors have unit norm), itself left out.
    func similar(itemRow: Int, count: Int) -> [Int32] { ranked(itemRow: itemRow, count: count).map(\.id) }

    func ranked(
        userRow: Int, count: Int, includesSeen: Bool = false, where isAllowed: (Int32) -> Bool = { _ in true }
    ) -> [Ranked] {
        let seen = includesSeen ? [] : seen[bundle.users[userRow].id] ?? []
        let cold = Set(bundle.coldItems)
        let products = products(bundle.userVectors, userRow, bundle.itemVectors)
        return top(count, by: products) { !seen.contains($0) && !cold.contains($0) && isAllowed($0) }
    }

    func ranked(itemRow: Int, count: Int, where isAllowed: (Int32) -> Bool = { _ in true }) -> [Ranked] {
        let absent = Set(bundle.itemsWithoutSimilarity)
        let own = bundle.items[itemRow].id
        let products = products(bundle.similarity, itemRow, bundle.similarity)
        return top(count, by: products) { $0 != own && !absent.contains($0) && isAllowed($0) }
    }

    private func top(_ count: Int, by products: [Double], where isAllowed: (Int32) -> Bool) -> [Ranked] {
        let allowed = bundle.items.indices.filter { isAllowed(bundle.items[$0].id) }
        return allowed.sorted { (-products[$0], $0) < (-products[$1], $1) }.prefix(count)
            .map { Ranked(id: bundle.items[$0].id, product: products[$0]) }
    }

    private func products(_ queries: FloatMatrix, _ row: Int, _ matrix: FloatMatrix) -> [Double] {
        let columns = matrix.columns
        return queries[row].withUnsafeBufferPointer { query in
            matrix.withUnsafeBufferPointer { elements in
                (0..<matrix.rows).map { other in
                    var sum = 0.0
                    var position = other * columns
                    for value in query {
                        sum += Double(value) * Double(elements[position])
                        position += 1
                    }
                    return sum
                }
            }
        }
    }
}

/// The published protocol's nDCG@k: binary relevance, the ideal cut at min(k, test items), mean over users with
/// test items.
func ndcg(_ answers: [Int32: [Int32]], test: [Rating], k: Int = 10) -> Double {
    let relevant = test.reduce(into: [Int32: Set<Int32>]()) { $0[$1.user, default: []].insert($1.item) }
    func gain(_ position: Int) -> Double { 1 / log2(Double(position + 2)) }
    let values = relevant.map { user, items in
        let hits = (answers[user] ?? []).prefix(k).enumerated().reduce(0.0) { sum, answer in
            items.contains(answer.element) ? sum + gain(answer.offset) : sum
        }
        return hits / (0..<min(k, items.count)).reduce(0.0) { $0 + gain($1) }
    }
    return values.reduce(0, +) / Double(values.count)
}
