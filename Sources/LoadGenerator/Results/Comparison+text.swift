extension Comparison {
    package func table() -> String {
        func figure(_ value: Double?) -> String { value.map { Text.number($0, 3) } ?? "–" }
        func median(_ runs: [LoadReport], _ figure: (LoadReport) -> Double?) -> Double? {
            OrderStatistics.median(runs.compactMap(figure))
        }
        func row(_ name: String, _ value: (LoadReport) -> Double?, _ ratio: Ratio?) -> [String] {
            [
                name, figure(median(runsA, value)), figure(median(runsB, value)), figure(ratio?.median),
                Text.interval(ratio?.interval),
            ]
        }
        let rows = [
            ["", "A", "B", "B / A", "interval"],
            row("p50 ms", { $0.p50Ms }, p50),
            row("p99 ms", { $0.p99Ms }, p99),
            row("time per answer ms", { $0.rateAchieved > 0 ? 1e3 / $0.rateAchieved : nil }, timePerAnswer),
        ]
        var lines = ["A: \(a)", "B: \(b)", Text.table(rows), "intervals: \(method)"]
        if let gate, let maxRatio { lines.append("gate: \(judged) ≤ \(Text.short(maxRatio)) × A: \(gate.rawValue)") }
        return lines.joined(separator: "\n")
    }
}
