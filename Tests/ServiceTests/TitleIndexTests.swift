import Testing

@testable import Retrieval

/// The index of titles against a look at every title.
@Suite struct TitleIndexTests {
    /// - Parameter titles: the most popular first.
    private func index(_ titles: [String]) -> TitleIndex {
        // Rows are by id and not by popularity: the last title is row 0.
        var items = ItemTable()
        for (row, title) in titles.reversed().enumerated() {
            items.append(Item(id: Int32(row), title: title, year: nil, released: nil, tags: []))
        }
        return TitleIndex(items, popular: titles.indices.map { Int32(titles.count - 1 - $0) })
    }

    private func find(_ query: String, _ titles: [String]) -> [TitleMatches.Element] {
        Array(index(titles).matches(TitleWords.words(of: query)))
    }

    private static let known = [
        "Star Wars (1977)", "Return of the Jedi (1983)", "Godfather, The (1972)", "Star Trek: First Contact (1996)",
        "Godfather: Part II, The (1974)", "Schindler's List (1993)", "Terminator, The (1984)", "Stargate (1994)",
        "Amélie (2001)", "Shawshank Redemption, The (1994)", "Star Maker, The (1995)", "Spider-Man (2002)",
        "Wings of Desire (Himmel über Berlin, Der) (1987)",
    ]

    @Test("what people type finds what they mean first", arguments: typings)
    func examples(query: String, title: String, match: TitleMatch) throws {
        let first = try #require(find(query, Self.known).first)
        #expect(Self.known[first.rank] == title && first.match == match)
    }

    @Test("what nobody means finds nothing", arguments: ["", "?!", "zzz", "star zzzz", "sta wars x"])
    func nothing(query: String) {
        #expect(find(query, Self.known).isEmpty)
    }

    @Test("matches are in the order of how well they fit, then of popularity")
    func order() {
        let found = find("star", Self.known)
        #expect(
            found.map { Self.known[$0.rank] } == [
                "Star Wars (1977)", "Star Trek: First Contact (1996)", "Star Maker, The (1995)", "Stargate (1994)",
            ])
        #expect(found.map(\.match) == [.words, .words, .words, .prefix])
    }

    @Test("an index finds what a look at every title finds, in the same order, from any place on")
    func property() async {
        var random = SystemRandomNumberGenerator()
        for round in 0..<24 {
            await Task.yield()
            // Few letters, so that many words are near each other.
            let letters = Array(round.isMultiple(of: 3) ? "ab" : round.isMultiple(of: 2) ? "abcdé" : "aBсд-")
            let vocabulary = (0..<40).map { _ in Self.word(letters, 1...11, using: &random) }
            let titles = (0..<Int.random(in: 1...80, using: &random)).map { _ in
                let words = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    vocabulary.randomElement(using: &random)!
                }
                return words.joined(separator: " ") + ["", ", The", " (1999)", " (aba)"].randomElement(using: &random)!
            }
            let index = index(titles)
            for _ in 0..<25 {
                let query = TitleWords.words(of: Self.query(vocabulary, letters, using: &random))
                let wanted = TitleOracle.find(query, titles)
                let found = index.matches(query)
                #expect(Array(found) == wanted, "\(query) in \(titles)")
                if let place = wanted.indices.randomElement(using: &random) {
                    let rest = found.after(wanted[place].match, rank: wanted[place].rank)
                    #expect(Array(rest) == Array(wanted.dropFirst(place + 1)))
                }
            }
        }
    }

    private static func word(
        _ letters: [Character], _ length: ClosedRange<Int>, using random: inout some RandomNumberGenerator
    ) -> String {
        String((0..<Int.random(in: length, using: &random)).map { _ in letters.randomElement(using: &random)! })
    }

    /// Words that there are, mistyped or not, the last one perhaps only begun.
    private static func query(
        _ vocabulary: [String], _ letters: [Character], using random: inout some RandomNumberGenerator
    ) -> String {
        var words = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            var word = Array(vocabulary.randomElement(using: &random)!)
            for _ in 0..<Int.random(in: 0...2, using: &random) where !word.isEmpty {
                let place = word.indices.randomElement(using: &random)!
                switch Int.random(in: 0..<4, using: &random) {
                case 0: word.remove(at: place)
                case 1: word.insert(letters.randomElement(using: &random)!, at: place)
                case 2: word[place] = letters.randomElement(using: &random)!
                default: word.swapAt(place, max(0, place - 1))
                }
            }
            return String(word)
        }
        if Bool.random(using: &random) {
            words[words.count - 1] = String(words.last!.prefix(.random(in: 1...9, using: &random)))
        }
        return words.joined(separator: " ")
    }
}

/// What an index of titles is to find, by looking at every title.
private enum TitleOracle {
    /// - Parameter titles: the most popular first.
    static func find(_ query: [String], _ titles: [String]) -> [TitleMatches.Element] {
        let found = titles.enumerated().compactMap { rank, title in
            match(query, title).map { TitleMatches.Element(match: $0, rank: rank) }
        }
        return TitleMatch.allCases.flatMap { match in found.filter { $0.match == match } }
    }

    private static func match(_ query: [String], _ title: String) -> TitleMatch? {
        guard let last = query.last else { return nil }
        if TitleName.isMeant(title, by: TitleName.meant(by: query)) { return .title }
        let words = TitleWords.indexed(title)
        func all(_ fits: (String, String) -> Bool) -> Bool {
            query.dropLast().allSatisfy { wanted in words.contains { fits(wanted, $0) } }
        }
        func ends(_ fits: (String, String) -> Bool) -> Bool { words.contains { fits(last, $0) } }
        if all(==) {
            if ends(==) { return .words }
            if ends(isPrefix) { return .prefix }
        }
        guard all(isNear) else { return nil }
        if ends({ isNear($0, $1) || isPrefix($0, $1) }) { return .typo }
        return ends(isNearBeginning) ? .prefixTypo : nil
    }

    private static func isPrefix(_ wanted: String, _ word: String) -> Bool { word.hasPrefix(wanted) }

    private static func isNear(_ wanted: String, _ word: String) -> Bool {
        let (wanted, word) = (Array(wanted), Array(word))
        return distance(wanted, word) <= errors(wanted)
    }

    private static func isNearBeginning(_ wanted: String, _ word: String) -> Bool {
        let (wanted, word) = (Array(wanted), Array(word))
        guard errors(wanted) > 0, wanted.first == word.first else { return false }
        return (1...word.count).contains { distance(wanted, Array(word.prefix($0))) <= errors(wanted) }
    }

    private static func errors(_ wanted: [Character]) -> Int { wanted.count < 4 ? 0 : wanted.count < 8 ? 1 : 2 }

    /// Insertions, deletions, replacements and swaps of neighbours, no letter touched twice, by the definition.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var table = [[Int]](repeating: Array(0...right.count), count: left.count + 1)
        for row in 0...left.count {
            table[row][0] = row
            for column in 0...right.count where row > 0 && column > 0 {
                let isSame = left[row - 1] == right[column - 1]
                table[row][column] = min(
                    table[row - 1][column] + 1, table[row][column - 1] + 1,
                    table[row - 1][column - 1] + (isSame ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    table[row][column] = min(table[row][column], table[row - 2][column - 2] + 1)
                }
            }
        }
        return table[left.count][right.count]
    }
}

private let typings: [(String, String, TitleMatch)] = [
    ("star wars", "Star Wars (1977)", .title), ("STAR WARS", "Star Wars (1977)", .title),
    ("wars star", "Star Wars (1977)", .title), ("star wars 1977", "Star Wars (1977)", .title),
    ("star w", "Star Wars (1977)", .prefix), ("star", "Star Wars (1977)", .words),
    ("amelie", "Amélie (2001)", .title), ("AMÉLIE", "Amélie (2001)", .title), ("amel", "Amélie (2001)", .prefix),
    ("godfather the", "Godfather, The (1972)", .title), ("the godfather", "Godfather, The (1972)", .title),
    ("godfather", "Godfather, The (1972)", .title), ("godfather part", "Godfather: Part II, The (1974)", .words),
    ("schindlers", "Schindler's List (1993)", .words), ("schindler's li", "Schindler's List (1993)", .prefix),
    ("spiderman", "Spider-Man (2002)", .words),
    ("himmel über berlin", "Wings of Desire (Himmel über Berlin, Der) (1987)", .title),
    ("satr wars", "Star Wars (1977)", .typo), ("godfahter", "Godfather, The (1972)", .typo),
    ("shawshenk redemtion", "Shawshank Redemption, The (1994)", .typo),
    ("teminat", "Terminator, The (1984)", .prefixTypo), ("jedi 1984", "Return of the Jedi (1983)", .typo),
]
