import Foundation

extension LoadReport {
    /// A table for people.
    package func table() -> String {
        let faults = statuses.merging(transportErrors) { $0 + $1 }.sorted { $0.key < $1.key }
        var rows = [
            ("target", "\(target), \(connections) connections"),
            ("requests", "\(loop), \(distribution) ids, seed \(seed)"),
            ("rate", rateLine),
            ("", "\(sent) sent, \(completed) completed in \(Text.number(seconds)) s"),
            ("answers", "\(ok) ok, \(wrong) wrong, \(errors) errors" + (degraded > 0 ? ", \(degraded) degraded" : "")),
            ("by kind", faults.map { "\($0.key): \($0.value)" }.joined(separator: ", ")),
        ]
        if mode == .open {
            rows += [
                ("late", "\(late) sent more than 1 ms after their time"),
                (
                    "pacing",
                    "p50 \(Text.milliseconds(generator.pacingP50Ms)), p99 \(Text.milliseconds(pacingP99Ms)): "
                        + "the generator's own delay, \(generator.scheduling.rawValue) scheduling"
                ),
            ]
        }
        rows += [
            ("dropped", "\(dropped), of them \(droppedByTimeout) by timeout"),
            ("p50", latency(p50Ms, "p50_ms")),
            ("p90", latency(p90Ms, "p90_ms")),
            ("p99", latency(p99Ms, "p99_ms")),
            ("p99.9", p999Ms == nil ? "– (from 10,000 samples on; these are \(samples))" : Text.milliseconds(p999Ms)),
            ("max", Text.milliseconds(maxMs)),
            ("own CPU", "\(Text.number(cpuSeconds)) s, \(Text.number(generator.cpuShare * 100, 0)) % of one core"),
        ]
        if !generations.isEmpty {
            let counts = generations.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            rows.append(("models", "answers by generation: " + counts.joined(separator: ", ")))
        }
        if let bottleneck = generator.bottleneck { rows.append(("WARNING", bottleneck)) }
        return rows.map { $0.0.padding(toLength: 10, withPad: " ", startingAt: 0) + $0.1 }.joined(separator: "\n")
    }

    private var loop: String {
        switch mode {
        case .open: "open loop, \(arrivals?.rawValue ?? "") arrivals"
        case .closed: "CLOSED loop: it waits for answers, so its latencies hide stalls"
        }
    }

    private var rateLine: String {
        let achieved = "\(Text.number(rateAchieved))/s right answers"
        let asked = rateAsked.map { " of \(Text.number($0))/s asked" } ?? ""
        return achieved + asked + (intervals["rate"].map { "; rounds \(Text.interval($0, 1))" } ?? "")
    }

    private func latency(_ value: Double?, _ key: String) -> String {
        Text.milliseconds(value) + (intervals[key].map { "; rounds \(Text.interval($0))" } ?? "")
    }
}
