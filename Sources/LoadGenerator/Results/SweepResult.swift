/// One load after the other: how latency grows with the rate.
package struct SweepResult: Sendable, Codable {
    package static let kind = "sweep"

    package let kind: String
    package let name: String
    package let steps: [LoadReport]
    package let manifest: Manifest

    package init(name: String, steps: [LoadReport], manifest: Manifest) {
        kind = Self.kind
        self.name = name
        self.steps = steps
        self.manifest = manifest
    }

    package func table() -> String {
        let head = ["asked/s", "right/s", "p50 ms", "p90 ms", "p99 ms", "p99 of rounds", "faults", "late", "generator"]
        let rows = steps.map { step in
            [
                Text.number(step.rateAsked ?? 0, 0), Text.number(step.rateAchieved, 0),
                step.p50Ms.map { Text.number($0, 3) } ?? "–", step.p90Ms.map { Text.number($0, 3) } ?? "–",
                step.p99Ms.map { Text.number($0, 3) } ?? "–", Text.interval(step.intervals["p99_ms"]),
                "\(step.errors + step.wrong + step.dropped)", "\(step.late)",
                step.generator.bottleneck == nil ? "fine" : "BOTTLENECK",
            ]
        }
        return name + "\n" + Text.table([head] + rows)
    }
}
