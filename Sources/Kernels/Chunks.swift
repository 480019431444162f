/// 0..<total in pieces that double what came before them up to a largest one, so that a limit learned from the pieces so
/// far tightens while it matters most.
struct Chunks: Sequence, IteratorProtocol {
    private let total: Int
    private let first: Int
    private let largest: Int
    private var done = 0

    init(of total: Int, first: Int, largest: Int) {
        precondition(first > 0 && largest > 0, "a piece holds something")
        self.total = total
        self.first = first
        self.largest = largest
    }

    mutating func next() -> Range<Int>? {
        guard done < total else { return nil }
        let start = done
        done = Swift.min(start + Swift.min(start == 0 ? first : start, largest), total)
        return start..<done
    }
}
