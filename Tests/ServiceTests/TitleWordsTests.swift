import Testing

@testable import Retrieval

@Suite struct TitleWordsTests {
    @Test("case, marks and punctuation make no difference", arguments: foldings)
    func folding(text: String, words: [String]) {
        #expect(TitleWords.words(of: text) == words)
    }

    @Test("a word of several parts is also found in one")
    func joined() {
        #expect(TitleWords.indexed("Spider-Man 2") == ["spider", "man", "spiderman", "2"])
        #expect(
            TitleWords.indexed("E.T. the Extra-Terrestrial") == [
                "e", "t", "et", "the", "extra", "terrestrial", "extraterrestrial",
            ])
        #expect(TitleWords.indexed("M*A*S*H (1970)") == ["m", "a", "s", "h", "mash", "1970"])
    }

    @Test("a title goes by all its names", arguments: namings)
    func names(title: String, names: [String], others: [String]) {
        for name in names { #expect(isMeant(title, by: name), "\(name)") }
        for name in others { #expect(!isMeant(title, by: name), "\(name)") }
    }

    private func isMeant(_ title: String, by words: String) -> Bool {
        TitleName.isMeant(title, by: TitleName.meant(by: TitleWords.words(of: words)))
    }
}

private let foldings: [(String, [String])] = [
    ("Star Wars", ["star", "wars"]), ("  STAR--WARS!", ["star", "wars"]), ("star+wars", ["star", "wars"]),
    ("Amélie", ["amelie"]), ("Ame\u{301}lie", ["amelie"]), ("Schindler's List", ["schindlers", "list"]),
    ("Schindler’s List", ["schindlers", "list"]), ("Batman & Robin", ["batman", "and", "robin"]),
    ("Ærø, Łódź, STRASSE", ["aero", "lodz", "strasse"]), ("Straße", ["strasse"]), ("İstanbul", ["istanbul"]),
    ("ﬁlm №½ Ⅻ", ["film", "no1", "2", "xii"]), ("Сталкер", ["сталкер"]), ("千と千尋", ["千と千尋"]),
    ("ΟΔΟΣ", ["οδοσ"]), ("οδος", ["οδοσ"]), ("👍", []), ("", []), ("?!", []),
    ("x" + String(repeating: "y", count: 100), ["x" + String(repeating: "y", count: 63)]),
]

private let namings: [(String, [String], [String])] = [
    ("Godfather, The (1972)", ["the godfather", "godfather the", "godfather", "godfather 1972"], ["the", "1972"]),
    ("Seven (Se7en) (1995)", ["seven", "se7en", "seven 1995"], ["seven se7en", "seven 1994"]),
    ("Good Morning, Vietnam (1987)", ["good morning vietnam"], ["good morning"]),
    ("Postino, Il (1994)", ["il postino", "postino"], ["il"]), ("A Chef in Love (1996)", ["chef in love"], ["a"]),
    ("Die Hard (1988)", ["die hard"], ["hard"]), ("187 (1997)", ["187", "187 1997"], ["1997"]),
    ("2001: A Space Odyssey (1968)", ["2001 a space odyssey"], ["a space odyssey"]),
    ("(500) Days of Summer (2009)", ["days of summer"], ["summer"]), ("Unrated", ["unrated"], []),
    ("The (1990)", ["the"], []),
]
