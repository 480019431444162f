package import Foundation

/// Reads the ids of an answer's results.
package struct AnswerIDs: Sendable {
    /// The key of the array of results.
    package let list: String
    /// The key of the id in each of them.
    package let field: String

    package init(list: String, field: String) {
        self.list = list
        self.field = field
    }

    /// nil when the answer is not of this shape.
    package func read(_ body: Data) -> [Int]? {
        guard let object = try? JSONSerialization.jsonObject(with: body) as? [String: Any],
            let results = object[list] as? [[String: Any]]
        else { return nil }
        let ids = results.compactMap { $0[field] as? Int }
        return ids.count == results.count ? ids : nil
    }

    /// The share of the true answers that were found, over all queries; ids beyond the truth's length do not count.
    package static func recall(_ found: [Int: [Int]], truth: [Int: [Int]]) -> Double {
        var hits = 0
        var wanted = 0
        for (query, right) in truth {
            wanted += right.count
            hits += Set(right).intersection((found[query] ?? []).prefix(right.count)).count
        }
        return wanted == 0 ? 0 : Double(hits) / Double(wanted)
    }
}
