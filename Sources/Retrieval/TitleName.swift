/// What a title is in full: a set of words.
///
/// "Godfather, The (1972)" is both "the godfather" and "godfather"; "Seven (Se7en) (1995)" is both "seven" and "se7en".
package struct TitleName: Hashable, Sendable {
    /// Each once, in alphabetical order, with spaces between them.
    private let words: String

    private static let leadingArticles: Set = ["a", "an", "the"]
    /// What data sets put behind a comma.
    private static let movedArticles: Set = [
        "a", "an", "the", "le", "la", "les", "l", "un", "une", "der", "die", "das", "ein", "eine", "il", "lo", "i",
        "gli",
        "el", "los", "las", "o", "os", "as",
    ]

    /// Nil for no words.
    package init?(_ words: some Sequence<String>) {
        var name = ""
        var former = ""
        for word in words.sorted() where word != former {
            if !name.isEmpty { name += " " }
            name += word
            former = word
        }
        guard !name.isEmpty else { return nil }
        self.words = name
    }

    /// FNV-1a: to be looked up by; equal hashes are no proof.
    var hash: UInt32 { words.utf8.reduce(0x811c_9dc5) { ($0 ^ UInt32($1)) &* 0x0100_0193 } }

    /// All names of a title, and the year that it ends with.
    package static func names(of title: String) -> (names: [TitleName], year: String?) {
        let pieces = title.split(separator: "(", omittingEmptySubsequences: false)
        var plain = String(pieces[0])
        var names: [TitleName] = []
        var year: String?
        for piece in pieces.dropFirst() {
            let inner = piece.prefix { $0 != ")" }
            plain.append(contentsOf: piece.dropFirst(inner.count + 1))
            year = isYear(inner) ? String(inner) : nil
            if year == nil { names += Self.names(ofPart: inner) }
        }
        return (Self.names(ofPart: plain) + names, year)
    }

    private static func names(ofPart part: some StringProtocol) -> [TitleName] {
        let words = TitleWords.words(of: part)
        guard words.count > 1 else { return TitleName(words).map { [$0] } ?? [] }
        var names = [TitleName(words)]
        if let comma = part.lastIndex(of: ","), movedArticles.contains(words.last!),
            TitleWords.words(of: part[part.index(after: comma)...]).count == 1
        {
            names.append(TitleName(words.dropLast()))
        } else if leadingArticles.contains(words[0]) {
            names.append(TitleName(words.dropFirst()))
        }
        return names.compactMap(\.self)
    }

    /// What somebody means by some words: a name or, where the last of them is a year, a name of that year.
    static func meant(by words: [String]) -> [(name: TitleName, year: String?)] {
        var meant: [(name: TitleName, year: String?)] = []
        if let name = TitleName(words) { meant.append((name, nil)) }
        if let last = words.last, isYear(last), let name = TitleName(words.dropLast()) { meant.append((name, last)) }
        return meant
    }

    /// Whether a title is one of what ``meant(by:)`` has found.
    static func isMeant(_ title: String, by meant: [(name: TitleName, year: String?)]) -> Bool {
        let (names, year) = names(of: title)
        return meant.contains { wanted in
            names.contains(wanted.name) && (wanted.year == nil || wanted.year == year)
        }
    }

    private static func isYear(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 4 && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }
}
