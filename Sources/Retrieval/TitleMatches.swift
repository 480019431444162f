/// How well a title fits what is looked for, best first.
package enum TitleMatch: String, Sendable, CaseIterable {
    /// It is the title.
    case title
    /// The title has all the words.
    case words
    /// The last word is only begun.
    case prefix
    /// Some word is mistyped.
    case typo
    /// The last word is mistyped and only begun.
    case prefixTypo = "prefix_typo"
}

/// The items whose titles fit, in the order of an answer: by how well, then by popularity.
struct TitleMatches: Sequence, Sendable {
    struct Element: Equatable {
        let match: TitleMatch
        /// Place in the order of popularity.
        let rank: Int
    }

    /// By match, in the order of its cases; no rank is in two.
    private let sets: [RankSet]
    private var start: (match: Int, rank: Int) = (0, 0)

    static let empty = TitleMatches([])

    /// - Parameter sets: by match; what is in one need not be in the later ones, and is in the first that has it.
    init(_ sets: [RankSet]) {
        var better: RankSet?
        self.sets = sets.map { set in
            defer { better = better?.union(set) ?? set }
            return better.map(set.subtracting) ?? set
        }
    }

    /// What comes behind a place, whether that is in it or not.
    func after(_ match: TitleMatch, rank: Int) -> TitleMatches {
        var rest = self
        rest.start = (TitleMatch.allCases.firstIndex(of: match)!, rank + 1)
        return rest
    }

    func makeIterator() -> Iterator { Iterator(sets: sets, match: start.match, rank: start.rank) }

    struct Iterator: IteratorProtocol {
        fileprivate let sets: [RankSet]
        fileprivate var match: Int
        fileprivate var rank: Int

        mutating func next() -> Element? {
            while match < sets.count {
                if let found = sets[match].first(from: rank) {
                    rank = found + 1
                    return Element(match: TitleMatch.allCases[match], rank: found)
                }
                match += 1
                rank = 0
            }
            return nil
        }
    }
}
