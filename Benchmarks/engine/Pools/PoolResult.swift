import Foundation

/// The whole comparison, figures as medians of the rounds.
struct PoolResult: Codable {
    struct Row: Codable {
        let client: String
        /// Of the mean of what the clients can do.
        let load: Double
        /// Searches per second asked for.
        let rate: Double
        let median: PoolMeasurement
        let rounds: [PoolMeasurement]
    }

    let rounds: Int
    /// Searches per second of a closed loop, by client.
    let saturation: [String: Double]
    let rows: [Row]

    func table() -> String {
        let limits = saturation.sorted { $0.key < $1.key }.map { "\($0.key) \(Int($0.value))" }
        let head = "saturation in searches/s: \(limits.joined(separator: ", ")); medians of \(rounds) rounds"
        return ([head, "load  client         asked/s   done/s   p50 ms   p99 ms  refused"] + rows.map(line))
            .joined(separator: "\n")
    }

    private func line(_ row: Row) -> String {
        String(format: "%3.1f×  ", row.load) + row.client.padding(toLength: 13, withPad: " ", startingAt: 0)
            + String(
                format: "%9.0f%9.0f%9.2f%9.2f%8.1f %%", row.rate, row.median.throughput, row.median.p50Ms,
                row.median.p99Ms, row.median.refusedShare * 100)
    }
}
