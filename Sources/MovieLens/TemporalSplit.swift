/// What was rated before a moment to learn from, what was rated since to be tested on: as a service meets the future.
package struct TemporalSplit: Sendable {
    /// In the order of the file.
    package let train: [Rating]
    package let test: [Rating]
    /// The first second of the test side, seconds since 1970.
    package let moment: Int64

    /// - Parameter moment: seconds since 1970, UTC.
    package init(_ ratings: [Rating], before moment: Int64) {
        self.moment = moment
        train = ratings.filter { $0.timestamp < moment }
        test = ratings.filter { $0.timestamp >= moment }
    }

    /// Tests on the last ratings by time.
    ///
    /// Ratings of one second stay together on the test side, which may therefore be larger than asked for.
    /// - Parameter testShare: of the ratings, in 0..<1. O(n log n).
    package init(_ ratings: [Rating], testShare: Double) {
        precondition((0..<1).contains(testShare))
        let times = ratings.map(\.timestamp).sorted()
        let first = Int((Double(times.count) * (1 - testShare)).rounded())
        self.init(ratings, before: first < times.count ? times[first] : Int64.max)
    }
}
