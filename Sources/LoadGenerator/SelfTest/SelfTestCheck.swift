/// One thing that the instrument must show.
package struct SelfTestCheck: Sendable, Codable {
    package let name: String
    package let expected: String
    package let measured: String
    /// nil for a figure that is shown without a bound.
    package let held: Bool?

    /// Holds when the value lies in the range.
    init(_ name: String, _ value: Double?, in range: ClosedRange<Double>, unit: String, digits: Int = 3) {
        self.name = name
        expected = "\(Text.number(range.lowerBound, digits))…\(Text.number(range.upperBound, digits)) \(unit)"
        measured = value.map { "\(Text.number($0, digits)) \(unit)" } ?? "nothing"
        held = value.map(range.contains) ?? false
    }

    init(_ name: String, expected: String, measured: String, held: Bool?) {
        self.name = name
        self.expected = expected
        self.measured = measured
        self.held = held
    }

    package static func table(_ checks: [SelfTestCheck]) -> String {
        let rows = checks.map { check in
            [check.name, check.expected, check.measured, check.held.map { $0 ? "held" : "MISSED" } ?? "shown"]
        }
        return Text.table([["", "expected", "measured", ""]] + rows)
    }
}
