import Foundation

extension LoadReport {
    /// One JSON object on one line, keys sorted.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// A table for people.
    package func table() -> String {
        let faults = statuses.merging(transportErrors) { $0 + $1 }.sorted { $0.key < $1.key }
        let rows = [
            ("target", "\(target), \(connections) connections"),
            ("requests", "\(arrivals) arrivals, \(distribution) ids, seed \(seed)"),
            ("rate", "\(Self.number(rateAchieved))/s right answers of \(Self.number(rateAsked))/s asked"),
            ("", "\(sent) sent, \(completed) completed in \(Self.number(seconds)) s"),
            ("answers", "\(ok) ok, \(wrong) wrong, \(errors) errors"),
            ("by kind", faults.map { "\($0.key): \($0.value)" }.joined(separator: ", ")),
            ("late", "\(late) sent more than 1 ms after their time"),
            ("pacing", "p99 \(Self.milliseconds(pacingP99Ms)): the generator's own delay"),
            ("dropped", "\(dropped), of them \(droppedByTimeout) by timeout"),
            ("p50", Self.milliseconds(p50Ms)),
            ("p90", Self.milliseconds(p90Ms)),
            ("p99", Self.milliseconds(p99Ms)),
            ("p99.9", p999Ms == nil ? "– (from 10,000 samples on; these are \(samples))" : Self.milliseconds(p999Ms)),
            ("max", Self.milliseconds(maxMs)),
            ("own CPU", "\(Self.number(cpuSeconds)) s"),
        ]
        return rows.map { $0.0.padding(toLength: 10, withPad: " ", startingAt: 0) + $0.1 }.joined(separator: "\n")
    }

    private static func number(_ value: Double) -> String {
        String(format: "%.2f", value)
    }

    private static func milliseconds(_ value: Double?) -> String {
        value.map { String(format: "%.3f ms", $0) } ?? "–"
    }
}
