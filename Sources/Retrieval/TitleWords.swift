import Foundation

/// The words of titles and of what people type to find them, so that it makes no difference who writes them how: small
/// letters without marks, and no punctuation.
package enum TitleWords {
    /// Letters, in UTF-16 units, after which a word is cut.
    static let longest = 64

    /// In their order. A word of several parts is followed by itself in one: "Spider-Man" is spider, man, spiderman.
    static func indexed(_ title: String) -> [String] { words(of: title, joiningParts: true) }

    package static func words(of text: some StringProtocol) -> [String] { words(of: text, joiningParts: false) }

    private static func words(of text: some StringProtocol, joiningParts: Bool) -> [String] {
        var text = String(text)
        if !text.utf8.allSatisfy({ $0 < 0x80 }) { text = text.decomposedStringWithCompatibilityMapping }
        var splitter = WordSplitter()
        for scalar in text.unicodeScalars { splitter.take(scalar, joiningParts: joiningParts) }
        splitter.endToken(joiningParts)
        return splitter.words
    }
}

private struct WordSplitter {
    private(set) var words: [String] = []
    private var word = ""
    /// Where the parts of what stands between two spaces begin.
    private var token = 0

    mutating func take(_ scalar: Unicode.Scalar, joiningParts: Bool) {
        switch scalar {
        case "a"..."z", "0"..."9": word.unicodeScalars.append(scalar)
        case "A"..."Z": word.unicodeScalars.append(Unicode.Scalar(scalar.value + 32)!)
        case " ": endToken(joiningParts)
        // Schindler's and Schindlers are the same word.
        case "'", "`", "\u{B4}", "\u{2BC}", "\u{2018}", "\u{2019}": break
        case "&":
            endToken(joiningParts)
            words.append("and")
            token = words.count
        case _ where scalar.isASCII: endWord()
        default: takeOther(scalar, joiningParts)
        }
    }

    private mutating func takeOther(_ scalar: Unicode.Scalar, _ joiningParts: Bool) {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: break
        case .uppercaseLetter, .titlecaseLetter, .lowercaseLetter, .modifierLetter, .otherLetter, .spacingMark,
            .decimalNumber, .letterNumber, .otherNumber:
            for small in properties.lowercaseMapping.unicodeScalars {
                if let plain = Self.undecomposed[small] { word += plain } else { word.unicodeScalars.append(small) }
            }
        default: properties.isWhitespace ? endToken(joiningParts) : endWord()
        }
    }

    private mutating func endWord() {
        guard !word.isEmpty else { return }
        words.append(word.utf16.count > TitleWords.longest ? Self.cut(word) : word)
        word = ""
    }

    mutating func endToken(_ joiningParts: Bool) {
        endWord()
        if joiningParts, words.count - token > 1 { words.append(Self.cut(words[token...].joined())) }
        token = words.count
    }

    private static func cut(_ word: String) -> String {
        String(decoding: word.utf16.prefix(TitleWords.longest), as: UTF16.self)
    }

    /// Letters that people type as others, though Unicode does not take them apart.
    private static let undecomposed: [Unicode.Scalar: String] = [
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ς": "σ",
    ]
}
