import MovieLens

/// What numbers are drawn for; each has its own, so that one can be drawn anew without the others.
enum RandomStream: UInt64 {
    case clusters, items, dates, coordinates, histories

    /// The numbers of one item, user or cluster, whoever draws them and in whichever order.
    func generator(_ index: Int, seed: UInt64) -> SplitMix64 {
        var mixer = SplitMix64(seed: seed &+ (rawValue << 56))
        var place = SplitMix64(seed: mixer.next() &+ UInt64(index))
        return SplitMix64(seed: place.next())
    }
}
