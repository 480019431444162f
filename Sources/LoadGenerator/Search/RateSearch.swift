/// Finds the highest rate that holds: doubles until one does not, then halves the ratio between the two ends.
///
/// It decides which rate comes next and does nothing itself. At most about 20 steps from any sensible start.
package struct RateSearch: Sendable {
    /// The highest rate that held; 0 when none has yet.
    package private(set) var highestHeld = 0.0
    /// The lowest rate that did not hold.
    package private(set) var lowestBroken = Double.infinity
    private let start: Double
    private let precision: Double
    private let ceiling: Double

    /// - Parameters:
    ///   - start: the first rate to try, per second.
    ///   - precision: the search ends when the ends are no further apart than this share, for example 0.05.
    ///   - ceiling: no rate above it is tried.
    package init(start: Double, precision: Double, ceiling: Double = 1_000_000) {
        self.start = min(start, ceiling)
        self.precision = precision
        self.ceiling = ceiling
    }

    /// The next rate to try; nil when the answer is precise enough, the ceiling held, or not even 1 a second holds.
    package var next: Double? {
        switch (highestHeld, lowestBroken) {
        case (0, .infinity): start
        case (let held, .infinity): held < ceiling ? min(held * 2, ceiling) : nil
        case (0, let broken): broken > 1 ? max(broken / 2, 1) : nil
        case (let held, let broken): broken / held > 1 + precision ? (held * broken).squareRoot() : nil
        }
    }

    package mutating func record(_ rate: Double, held: Bool) {
        if held { highestHeld = max(highestHeld, rate) } else { lowestBroken = min(lowestBroken, rate) }
    }
}
