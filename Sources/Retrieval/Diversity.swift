import Kernels

/// Maximal marginal relevance: each next result is the one that is most relevant and least like those before it.
///
/// Source: Carbonell & Goldstein, "The use of MMR, diversity-based reranking for reordering documents and producing
/// summaries" (SIGIR 1998): argmax (1 − d) · relevance − d · max similarity to what is chosen, here with diversity d = 1 − λ.
enum Diversity {
    /// Candidates to choose from, as a multiple of the results wanted.
    static let candidates = 4

    /// The places of `count` candidates, in the order of their choice; a tie goes to the earlier candidate.
    ///
    /// O(count · candidates) similarities.
    ///
    /// - Parameters:
    ///   - relevance: of each candidate; scaled to 0…1 over them, so that it weighs the same in every space.
    ///   - diversity: 0 (by relevance alone) to 1.
    ///   - similarity: of two candidates by place, −1 to 1.
    static func order(
        relevance: [Double], count: Int, diversity: Double, similarity: (Int, Int) -> Double
    ) -> [Int] {
        let lowest = relevance.min() ?? 0
        let range = (relevance.max() ?? 0) - lowest
        let scaled = relevance.map { range > 0 ? ($0 - lowest) / range : 1 }
        var left = Array(relevance.indices)
        /// To the nearest of what is chosen.
        var nearest = [Double](repeating: 0, count: relevance.count)
        var chosen: [Int] = []
        while chosen.count < count, !left.isEmpty {
            let best = left.indices.max { first, second in
                value(left[first]) < value(left[second])
                    || (value(left[first]) == value(left[second]) && first > second)
            }!
            let place = left.remove(at: best)
            for other in left {
                let similarity = similarity(place, other)
                nearest[other] = chosen.isEmpty ? similarity : max(nearest[other], similarity)
            }
            chosen.append(place)
        }
        func value(_ place: Int) -> Double { (1 - diversity) * scaled[place] - diversity * nearest[place] }
        return chosen
    }
}

extension Snapshot {
    /// The best `count` of an answer's results, chosen to differ by their similarity vectors; an item without one is like
    /// no other.
    func diversified(_ answer: Answer, count: Int, by diversity: Double) -> Answer {
        let rows = answer.results.map { itemRows[$0.item.id]! }
        let relevance = answer.results.indices.map { answer.results[$0].score ?? -Double($0) }
        let order = Diversity.order(relevance: relevance, count: count, diversity: diversity) { first, second in
            let (first, second) = (rows[first], rows[second])
            guard !similarities.absent.contains(first), !similarities.absent.contains(second) else { return 0 }
            return similarities.matrix[Int(first)].withUnsafeBufferPointer { first in
                similarities.matrix[Int(second)].withUnsafeBufferPointer {
                    Double(Kernels.active.innerProduct(first, $0))
                }
            }
        }
        return answer.with(order.map { answer.results[$0] }, requested: count)
    }
}
