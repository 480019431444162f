/// A service level objective: what must hold for a run to pass. Wrong answers are never allowed.
package struct Objective: Sendable, Equatable {
    /// Milliseconds; nil for no bound.
    package var p50Ms: Double?
    package var p99Ms: Double?
    /// The largest share, 0 to 1, of requests that may fail or be given up.
    package var errorRatio = 0.0
    /// The largest share, 0 to 1, of right answers that may say that they are degraded.
    package var degradedRatio = 1.0
    /// The fewest right answers per second.
    package var minRate: Double?
    /// How many model generations must have answered; nil for any number.
    package var generations: Int?

    package init() {}

    /// What was asked and what was found, one line for each bound.
    package func verdicts(on report: LoadReport) -> [Verdict] {
        func atMost(_ name: String, _ bound: Double?, _ value: Double?) -> Verdict? {
            bound.map { Verdict(name: name, bound: $0, value: value, held: (value ?? .infinity) <= $0) }
        }
        return [
            atMost("p50_ms", p50Ms, report.p50Ms),
            atMost("p99_ms", p99Ms, report.p99Ms),
            atMost("error_ratio", errorRatio, report.errorRatio),
            atMost("wrong", 0, Double(report.wrong)),
            report.ok == 0 || degradedRatio >= 1
                ? nil : atMost("degraded_ratio", degradedRatio, Double(report.degraded) / Double(report.ok)),
            minRate.map {
                Verdict(name: "min_rate", bound: $0, value: report.rateAchieved, held: report.rateAchieved >= $0)
            },
            generations.map {
                let found = report.generations.count
                return Verdict(name: "generations", bound: Double($0), value: Double(found), held: found == $0)
            },
        ].compactMap { $0 }
    }
}

/// One bound of an objective, held against what was measured.
package struct Verdict: Sendable, Codable, Equatable {
    package let name: String
    package let bound: Double
    /// nil when nothing was measured.
    package let value: Double?
    package let held: Bool

    package var line: String {
        let found = value.map { Text.number($0, 4) } ?? "nothing measured"
        return "\(held ? "held" : "MISSED")  \(name) \(found), objective \(Text.number(bound, 4))"
    }
}

extension Objective: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case p50Ms = "p50_ms"
        case p99Ms = "p99_ms"
        case errorRatio = "error_ratio"
        case degradedRatio = "degraded_ratio"
        case minRate = "min_rate"
        case generations
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        p50Ms = try container.decodeIfPresent(Double.self, forKey: .p50Ms)
        p99Ms = try container.decodeIfPresent(Double.self, forKey: .p99Ms)
        errorRatio = try container.decodeIfPresent(Double.self, forKey: .errorRatio) ?? errorRatio
        degradedRatio = try container.decodeIfPresent(Double.self, forKey: .degradedRatio) ?? degradedRatio
        minRate = try container.decodeIfPresent(Double.self, forKey: .minRate)
        generations = try container.decodeIfPresent(Int.self, forKey: .generations)
        for (key, share) in [(CodingKeys.errorRatio, errorRatio), (.degradedRatio, degradedRatio)] {
            guard (0...1).contains(share) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container, debugDescription: "it must be a share from 0 to 1, not \(share)")
            }
        }
        for (key, bound) in [(CodingKeys.p50Ms, p50Ms), (.p99Ms, p99Ms), (.minRate, minRate)] {
            guard bound ?? 1 > 0 else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container, debugDescription: "it must be above 0")
            }
        }
    }
}
