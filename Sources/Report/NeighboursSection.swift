import Kernels
import ModelBundle

/// What the model takes to be like a few movies that everybody knows.
struct NeighboursSection {
    let bundle: ModelBundle
    let counts: [Int]

    private static let famous = 8
    private static let shown = 6

    var markup: String {
        let hasVector = bundle.hasSimilarityVector
        let order = bundle.items.indices.filter { hasVector[$0] && counts[$0] > 0 }
            .sorted { (-counts[$0], $0) < (-counts[$1], $1) }
        let cards = order.prefix(NeighboursSection.famous).map { row in
            let lines = neighbours(of: row, hasVector).map { other, cosine in
                "<li>\(Markup.escape(bundle.items[other].title)) <span>\(Markup.number(cosine, 2))</span></li>"
            }
            return "<div class=\"card\"><h3>\(Markup.escape(bundle.items[row].title))</h3>"
                + "<p>\(Markup.count(counts[row])) ratings</p><ol>\(lines.joined())</ol></div>"
        }
        return Markup.section(
            "Neighbours of the most rated movies",
            "<p>By cosine of the similarity vectors.</p><div class=\"cards\">\(cards.joined(separator: "\n"))</div>")
    }

    /// The nearest rows and their cosines, ties by the lower row. O(items · dimensions).
    private func neighbours(of row: Int, _ hasVector: [Bool]) -> [(row: Int, cosine: Double)] {
        let vectors = bundle.similarity
        var nearest: [(row: Int, cosine: Double)] = []
        vectors[row].withUnsafeBufferPointer { own in
            for other in bundle.items.indices where other != row && hasVector[other] {
                let cosine = vectors[other].withUnsafeBufferPointer { values in
                    var sum = 0.0
                    for column in 0..<own.count { sum += Double(own[column]) * Double(values[column]) }
                    return sum
                }
                if nearest.count == NeighboursSection.shown, cosine <= nearest.last!.cosine { continue }
                nearest.insert((other, cosine), at: nearest.firstIndex { $0.cosine < cosine } ?? nearest.count)
                if nearest.count > NeighboursSection.shown { nearest.removeLast() }
            }
        }
        return nearest
    }
}
