/// What a segment's bytes hold: every whole record, and what is none.
struct SegmentScan {
    private(set) var records: [Record] = []
    /// Bytes that are no record, though records follow that must have been written after them.
    private(set) var damage: [Range<Int>] = []
    /// Where the bytes begin behind the last record; nil when there are none.
    private(set) var tail: Int?
    /// Sequence numbers that should be here and are not.
    private(set) var missing: [ClosedRange<UInt64>] = []

    /// More records than a segment holds: a number so far ahead is chance.
    private static let farthest: UInt64 = 1 << 24

    /// O(bytes).
    ///
    /// - Parameters:
    ///   - first: the sequence number that the segment begins with.
    ///   - nextSegment: that of the segment after it; nil for the last one.
    init(_ bytes: UnsafeRawBufferPointer, first: UInt64, nextSegment: UInt64?) {
        var expected = first
        var offset = 0
        while offset < bytes.count {
            let sequences = expected..<max(expected, min(nextSegment ?? .max, expected + Self.farthest))
            let found = (offset..<bytes.count).lazy.compactMap { Record.read(bytes, at: $0, in: sequences) }.first
            guard let found else {
                tail = offset
                break
            }
            if found.range.lowerBound > offset { damage.append(offset..<found.range.lowerBound) }
            if found.sequence > expected { missing.append(expected...found.sequence - 1) }
            records.append(found)
            expected = found.sequence + 1
            offset = found.range.upperBound
        }
        guard let nextSegment, expected < nextSegment else { return }
        missing.append(expected...nextSegment - 1)
        // Records were acknowledged here before the next segment was begun: this is no torn write.
        if let tail {
            damage.append(tail..<bytes.count)
            self.tail = nil
        }
    }
}
