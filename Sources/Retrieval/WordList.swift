/// Distinct words, those that begin alike side by side: one array of letters, cut by ends.
///
/// A letter is a UTF-16 unit: beyond the Basic Multilingual Plane, where few letters are, one counts as two.
struct WordList: Sendable {
    private let letters: [UInt16]
    private let ends: [Int32]

    /// - Parameter words: each once, in the order of ``isBefore(_:_:)``.
    init(_ words: [String]) {
        var letters: [UInt16] = []
        var ends: [Int32] = []
        ends.reserveCapacity(words.count)
        for word in words {
            letters.append(contentsOf: word.utf16)
            ends.append(Int32(letters.count))
        }
        self.letters = letters
        self.ends = ends
    }

    static func isBefore(_ left: String, _ right: String) -> Bool { left.utf16.lexicographicallyPrecedes(right.utf16) }

    var count: Int { ends.count }

    subscript(place: Int) -> ArraySlice<UInt16> {
        letters[(place == 0 ? 0 : Int(ends[place - 1]))..<Int(ends[place])]
    }

    /// O(log words).
    func place(of word: [UInt16]) -> Int? {
        let place = firstPlace(from: 0) { !$0.lexicographicallyPrecedes(word) }
        return place < count && self[place] == word[...] ? place : nil
    }

    /// O(log words).
    func places(beginningWith beginning: [UInt16]) -> Range<Int> {
        let first = firstPlace(from: 0) { !$0.lexicographicallyPrecedes(beginning) }
        return first..<end(of: beginning[...], from: first)
    }

    /// The first place, not before `start`, whose word begins otherwise. O(log distance), as the distance is short as a rule.
    ///
    /// - Parameter start: no word before it begins so; the words from it on that do come first.
    func end(of beginning: ArraySlice<UInt16>, from start: Int) -> Int {
        firstPlace(from: start) { !$0.starts(with: beginning) }
    }

    /// - Parameter isBehind: false for the words before a place, true for those from it on.
    private func firstPlace(from start: Int, _ isBehind: (ArraySlice<UInt16>) -> Bool) -> Int {
        var low = start
        var step = 1
        while low + step <= count, !isBehind(self[low + step - 1]) {
            low += step
            step *= 2
        }
        var high = min(low + step - 1, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
