/// Finds items by the words of their titles: some fifty bytes an item.
///
/// Items go by their rank, their place in the order of popularity: what comes first in a list or a set comes first in an
/// answer.
struct TitleIndex: Sendable {
    private let items: ItemTable
    /// By rank: the item's row.
    private let popular: [Int32]
    private let words: WordList
    /// The ranks of each word's items, ascending, one word's after the other's.
    private let postings: [Int32]
    /// By word: where its ranks begin; one more, for the end.
    private let starts: [Int32]
    /// Hashes of the titles' names, ascending; parallel to `namedRanks`.
    private let nameHashes: [UInt32]
    private let namedRanks: [Int32]

    /// O(letters + words · log words).
    ///
    /// - Parameter popular: item rows, most popular first.
    init(_ items: ItemTable, popular: [Int32]) {
        self.items = items
        self.popular = popular
        var occurrences = Occurrences()
        var names: [UInt64] = []
        for (rank, row) in popular.enumerated() {
            let title = items.title(Int(row))
            occurrences.append(TitleWords.indexed(title))
            for name in TitleName.names(of: title).names { names.append(UInt64(name.hash) << 32 | UInt64(rank)) }
        }
        (words, starts, postings) = occurrences.sorted()
        names.sort()
        nameHashes = names.map { UInt32($0 >> 32) }
        namedRanks = names.map { Int32(truncatingIfNeeded: $0) }
    }

    /// - Parameter query: words as ``TitleWords`` makes them of what somebody types; the last one may be only begun.
    func matches(_ query: [String]) -> TitleMatches {
        guard let last = query.last else { return .empty }
        // Narrowed from word to word: what has all of them, and what has all of them or words that are near.
        var exact: RankSet?
        var near: RankSet?
        for word in Set(query.dropLast()) {
            let found = look(up: Array(word.utf16), asBeginning: false)
            exact = exact?.intersection(found.exact) ?? found.exact
            near = near?.intersection(found.near) ?? found.near
            if near?.isEmpty == true { return .empty }
        }
        let letters = Array(last.utf16)
        let found = look(up: letters, asBeginning: true)
        let prefix = set(of: words.places(beginningWith: letters))
        func isExact(_ ranks: RankSet) -> RankSet { exact?.intersection(ranks) ?? ranks }
        func isNear(_ ranks: RankSet) -> RankSet { near?.intersection(ranks) ?? ranks }
        return TitleMatches([
            named(query), isExact(found.exact), isExact(prefix), isNear(found.near.union(prefix)),
            isNear(found.begun.union(prefix)),
        ])
    }

    /// - Returns: what has the word, what has it or a word that is near, and what has a word some beginning of which is near.
    private func look(
        up word: [UInt16], asBeginning: Bool
    ) -> (exact: RankSet, near: RankSet, begun: RankSet) {
        let place = words.place(of: word)
        let exact = place.map { set(of: $0..<$0 + 1) } ?? RankSet(of: popular.count)
        let errors = TypoSearch.errors(in: word)
        guard errors > 0 else { return (exact, exact, exact) }
        var (near, begun) = (exact, exact)
        var search = TypoSearch(word, errors: errors)
        search.run(over: words) { place in
            near.insert(ranks(of: place..<place + 1))
        } beginning: { places in
            if asBeginning { begun.insert(ranks(of: places)) }
        }
        return (exact, near, begun)
    }

    private func ranks(of words: Range<Int>) -> ArraySlice<Int32> {
        postings[Int(starts[words.lowerBound])..<Int(starts[words.upperBound])]
    }

    private func set(of words: Range<Int>) -> RankSet {
        var set = RankSet(of: popular.count)
        set.insert(ranks(of: words))
        return set
    }

    private func named(_ query: [String]) -> RankSet {
        let meant = TitleName.meant(by: query)
        var set = RankSet(of: popular.count)
        for (name, _) in meant {
            let hash = name.hash
            for place in nameHashes.partitioningIndex(where: { $0 >= hash })..<nameHashes.count {
                guard nameHashes[place] == hash else { break }
                let rank = namedRanks[place]
                if TitleName.isMeant(items.title(Int(popular[Int(rank)])), by: meant) { set.insert([rank]) }
            }
        }
        return set
    }
}

/// Which words the titles have, in the order in which they come.
private struct Occurrences {
    private var numbers: [String: Int32] = [:]
    /// The words' numbers, one title's after the other's.
    private var words: [Int32] = []
    private var ends: [Int32] = []

    /// The next title's.
    mutating func append(_ title: [String]) {
        let start = words.count
        for word in title {
            let number = numbers[word] ?? Int32(numbers.count)
            if Int(number) == numbers.count { numbers[word] = number }
            if !words[start...].contains(number) { words.append(number) }
        }
        ends.append(Int32(words.count))
    }

    /// The words in order, and for each where the ranks of its titles begin and which they are.
    func sorted() -> (words: WordList, starts: [Int32], ranks: [Int32]) {
        let sorted = numbers.sorted { WordList.isBefore($0.key, $1.key) }
        var places = [Int32](repeating: 0, count: sorted.count)
        for (place, word) in sorted.enumerated() { places[Int(word.value)] = Int32(place) }
        var starts = [Int32](repeating: 0, count: sorted.count + 1)
        for number in words { starts[Int(places[Int(number)]) + 1] += 1 }
        for place in sorted.indices { starts[place + 1] += starts[place] }
        var next = starts
        var ranks = [Int32](repeating: 0, count: words.count)
        var occurrence = 0
        for (rank, end) in ends.enumerated() {
            while occurrence < Int(end) {
                let place = Int(places[Int(words[occurrence])])
                ranks[Int(next[place])] = Int32(rank)
                next[place] += 1
                occurrence += 1
            }
        }
        return (WordList(sorted.map(\.key)), starts, ranks)
    }
}

extension RandomAccessCollection {
    /// The first place from which on `belongs` holds, where it holds from some place on. O(log count).
    func partitioningIndex(where belongs: (Element) -> Bool) -> Index {
        var (low, count) = (startIndex, count)
        while count > 0 {
            let middle = index(low, offsetBy: count / 2)
            if belongs(self[middle]) {
                count /= 2
            } else {
                low = index(after: middle)
                count -= count / 2 + 1
            }
        }
        return low
    }
}
