/// Prometheus' text format 0.0.4, as it is written.
struct ExpositionText {
    private(set) var bytes: [UInt8] = []

    /// `0.00005"} ` and so on: what follows the labels of a bucket's sample.
    private static let bucketEnds = LatencyBuckets.bounds.map { "le=\"\(seconds($0))\"} " } + ["le=\"+Inf\"} "]

    mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    mutating func sample(_ name: String, _ labels: String, _ value: String) {
        append(name)
        if !labels.isEmpty { append("{\(labels)}") }
        append(" \(value)\n")
    }

    mutating func histogram(_ name: String, _ labels: String, _ histogram: Histogram) {
        let (counts, nanoseconds) = histogram.snapshot()
        let start = labels.isEmpty ? "\(name)_bucket{" : "\(name)_bucket{\(labels),"
        var cumulative: UInt64 = 0
        for (count, end) in zip(counts, Self.bucketEnds) {
            cumulative += count
            append(start)
            append(end)
            append("\(cumulative)\n")
        }
        sample("\(name)_sum", labels, Self.seconds(nanoseconds))
        // The sum of what was shown above, so that it is the +Inf bucket even while others record.
        sample("\(name)_count", labels, "\(cumulative)")
    }

    /// Exact decimal seconds without an exponent or trailing zeros: the same text on every machine.
    static func seconds(_ nanoseconds: UInt64) -> String {
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        guard rest > 0 else { return "\(whole)" }
        var digits = String(rest + 1_000_000_000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}
