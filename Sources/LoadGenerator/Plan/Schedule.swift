import Foundation

/// How intended send times follow each other.
package enum Arrivals: String, Sendable, CaseIterable, Codable {
    /// Independent users: gaps are exponentially distributed, so requests come in bursts too.
    case poisson
    /// Equal gaps.
    case constant
}

/// The intended send times, in nanoseconds from the start, up to a horizon.
///
/// They follow from the rate and the seed alone: an answer that is slow to come moves none of them.
package struct Schedule: Sequence, IteratorProtocol, Sendable {
    private let arrivals: Arrivals
    private let rate: Double
    private let horizon: Int64
    private var generator: SeededGenerator
    private var count = 0
    private var seconds = 0.0

    /// - Parameters:
    ///   - rate: requests per second on average, above 0.
    ///   - horizon: nanoseconds; no time reaches it.
    package init(_ arrivals: Arrivals, rate: Double, horizon: Int64, seed: UInt64) {
        self.arrivals = arrivals
        self.rate = rate
        self.horizon = horizon
        generator = SeededGenerator(seed: seed)
    }

    package mutating func next() -> Int64? {
        switch arrivals {
        case .constant:
            // From the count, not from the time before: rounding does not add up to a drift.
            seconds = Double(count) / rate
            count += 1
        case .poisson:
            seconds -= log(1 - generator.unit()) / rate
        }
        let time = Int64(seconds * 1e9)
        return time < horizon ? time : nil
    }
}
