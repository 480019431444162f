/// Finds the words that are a few typing errors from a word: letters that are missing, added, wrong or swapped with their
/// neighbour.
///
/// The list is walked as the tree of beginnings that it is. Words that begin alike share their part of the table of
/// distances (optimal string alignment), and no word is looked at whose beginning is too far away already.
struct TypoSearch {
    private let word: [UInt16]
    private let errors: Int
    private let width: Int
    /// Row i: how far the first i letters of the word at hand are from each beginning of `word` that has about as many;
    /// from the others they are too far.
    private var rows: [UInt8]
    /// How far the first i letters of the word at hand are from the whole of `word`.
    private var distances = [UInt8](repeating: .max, count: TitleWords.longest + 1)
    /// Whether the first i letters of the word at hand, or fewer, are near enough to the whole of `word`.
    private var hasBegun = [Bool](repeating: false, count: TitleWords.longest + 1)

    /// - Parameter word: at most ``TitleWords/longest`` letters.
    init(_ word: [UInt16], errors: Int) {
        self.word = word
        self.errors = errors
        width = word.count + 1
        rows = [UInt8](repeating: 0, count: (TitleWords.longest + 1) * width)
        for column in 0..<width { rows[column] = UInt8(column) }
    }

    /// How many errors are forgiven in a word.
    static func errors(in word: [UInt16]) -> Int { word.count >= 8 ? 2 : word.count >= 4 ? 1 : 0 }

    /// - Parameters:
    ///   - whole: called with the places of words that are near.
    ///   - beginning: called with those of words with the same first letter some beginning of which is near.
    mutating func run(over list: WordList, whole: (Int) -> Void, beginning: (Range<Int>) -> Void) {
        var place = 0
        // Rows that are right for the word at hand.
        var shared = 0
        while place < list.count {
            let letters = list[place]
            var row = shared
            var isNear = true
            while isNear, row < letters.count {
                row += 1
                isNear = fill(row, letters)
            }
            var next = place + 1
            if !isNear {
                next = list.end(of: letters.prefix(row), from: place)
            } else if distances[letters.count] <= errors {
                whole(place)
            }
            if hasBegun[row], letters.first == word.first { beginning(place..<next) }
            guard next < list.count else { return }
            shared = min(row, Self.sharedLength(letters, list[next]))
            place = next
        }
    }

    private static func sharedLength(_ left: ArraySlice<UInt16>, _ right: ArraySlice<UInt16>) -> Int {
        var length = 0
        for (one, other) in zip(left, right) {
            guard one == other else { break }
            length += 1
        }
        return length
    }

    /// Returns whether the word may still come near: something in the row is.
    private mutating func fill(_ row: Int, _ letters: ArraySlice<UInt16>) -> Bool {
        let letter = letters[letters.startIndex + row - 1]
        let former = row > 1 ? letters[letters.startIndex + row - 2] : nil
        let (word, width, errors) = (word, width, errors)
        let tooFar = UInt8(errors + 1)
        let (first, last) = (max(1, row - errors), min(width - 1, row + errors))
        guard first <= last else {
            (distances[row], hasBegun[row]) = (tooFar, hasBegun[row - 1])
            return false
        }
        let (least, distance) = rows.withUnsafeMutableBufferPointer { rows in
            let (here, above) = (row * width, (row - 1) * width)
            rows[here + first - 1] = first == 1 ? UInt8(row) : tooFar
            var least = rows[here + first - 1]
            for column in first...last {
                let wanted = word[column - 1]
                var distance = min(
                    rows[above + column - 1] + (letter == wanted ? 0 : 1), rows[above + column] + 1,
                    rows[here + column - 1] + 1)
                if column > 1, let former, letter == word[column - 2], former == wanted {
                    distance = min(distance, rows[above - width + column - 2] + 1)
                }
                rows[here + column] = distance
                least = min(least, distance)
            }
            if last + 1 < width { rows[here + last + 1] = tooFar }
            return (least, last == width - 1 ? rows[here + last] : tooFar)
        }
        distances[row] = distance
        hasBegun[row] = hasBegun[row - 1] || distance <= errors
        return least <= errors
    }
}
