/// What one client did under one load.
struct PoolMeasurement: Sendable, Codable {
    /// Searches finished per second.
    let throughput: Double
    /// Of the searches that were served, counted from the time at which each was due.
    let p50Ms: Double
    let p99Ms: Double
    /// The share of the searches that found the queue full.
    let refusedShare: Double

    /// Figure by figure the median of several rounds.
    static func median(of rounds: [PoolMeasurement]) -> PoolMeasurement {
        PoolMeasurement(
            throughput: rounds.map(\.throughput).median, p50Ms: rounds.map(\.p50Ms).median,
            p99Ms: rounds.map(\.p99Ms).median, refusedShare: rounds.map(\.refusedShare).median)
    }
}

extension [Double] {
    /// NaN when there is none.
    var median: Double {
        guard !isEmpty else { return .nan }
        let ordered = sorted()
        return (ordered[(count - 1) / 2] + ordered[count / 2]) / 2
    }
}
