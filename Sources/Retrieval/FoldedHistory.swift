import Kernels
import ModelBundle

/// A history over the rows of one generation: what a query vector is computed from, without retraining.
struct FoldedHistory: Sendable {
    /// What somebody made of one item.
    struct Entry: Sendable {
        let row: Int32
        let opinion: Opinion
    }

    /// Ascending by row, each once.
    let entries: [Entry]

    /// All of them, ascending: nobody is recommended what is in the history.
    var rows: [Int32] { entries.map(\.row) }

    var encoded: [UserEncoder.Entry] {
        entries.map { UserEncoder.Entry(row: Int($0.row), weight: $0.opinion.weight) }
    }

    var rated: [RatingPredictor.Rated] {
        entries.compactMap { entry in
            guard case .rated(let value) = entry.opinion else { return nil }
            return RatingPredictor.Rated(row: Int(entry.row), value: value)
        }
    }
}

extension Opinion {
    /// What a dislike weighs, beside 1 for what was met (`docs/quality.md` has what was measured).
    static let dislikeWeight = 0.25

    /// What the item's encoder row is multiplied with.
    fileprivate var weight: Double {
        switch self {
        case .liked: UserEncoder.weight(rating: 5)
        case .disliked: -Self.dislikeWeight
        case .seen: 1
        case .rated(let stars): UserEncoder.weight(rating: stars)
        }
    }
}

extension Snapshot {
    /// The history of a user that this generation was trained with, and opinions laid over it. Items that it has not are
    /// left out.
    ///
    /// - Parameter user: the user's row; nil for nobody's history.
    func history(of user: Int32?, adding opinions: [Int32: Opinion]) -> FoldedHistory {
        var byRow: [Int32: Opinion] = [:]
        if let user {
            for place in seen.range(of: user) { byRow[seen.rows[place]] = .rated(seen.values[place]) }
        }
        for (id, opinion) in opinions {
            guard let row = itemRows[id] else { continue }
            // That somebody met an item again takes nothing back.
            if opinion == .seen, byRow[row] != nil { continue }
            byRow[row] = opinion
        }
        return FoldedHistory(entries: byRow.keys.sorted().map { .init(row: $0, opinion: byRow[$0]!) })
    }

    /// The query vector of a history; nil where it says nothing.
    func vector(of history: FoldedHistory) -> FloatMatrix.Row? {
        encoder.encode(history.encoded).map { FloatMatrix(rows: 1, columns: $0.count, values: $0)[0] }
    }
}
