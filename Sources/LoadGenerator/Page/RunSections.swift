import Foundation

/// Runs on the page: side by side, by percentile, over time.
struct RunSections {
    let runs: [RunResult]

    var sections: [String] {
        guard !runs.isEmpty else { return [] }
        return [
            Markup.section(runs.count > 1 ? "Side by side" : "The run", warnings + table + bars),
            Markup.section(
                "Latency by percentile",
                "<p>Further right is rarer; the axis stretches towards 100 %.</p>" + percentiles),
            Markup.section("Over time", "<div class=\"charts\">\(runs.map(overTime).joined(separator: "\n"))</div>"),
        ]
    }

    private var table: String {
        let head = [
            "", "loop", "right/s", "p50 ms", "p90 ms", "p99 ms", "p99 of rounds", "p99.9 ms", "max ms", "wrong",
            "errors",
            "dropped", "objective",
        ]
        return Markup.table(
            head,
            runs.map { run in
                let report = run.report
                func ms(_ value: Double?) -> String { value.map { Text.number($0, 2) } ?? "–" }
                let loop = report.mode == .closed ? "CLOSED" : "open, \(Text.short(report.rateAsked ?? 0))/s"
                let missed = run.verdicts.filter { !$0.held }.map(\.name)
                return [
                    run.name, loop, Text.short(report.rateAchieved), ms(report.p50Ms), ms(report.p90Ms),
                    ms(report.p99Ms),
                    Text.interval(report.intervals["p99_ms"], 2), ms(report.p999Ms), ms(report.maxMs),
                    "\(report.wrong)",
                    "\(report.errors)", "\(report.dropped)",
                    missed.isEmpty ? "held" : "missed: " + missed.joined(separator: ", "),
                ]
            })
    }

    private var warnings: String {
        runs.compactMap { run in
            run.report.generator.bottleneck.map { "<p class=\"bad\">\(Markup.escape("\(run.name): \($0)"))</p>" }
        }.joined()
    }

    private var bars: String {
        guard runs.count > 1 else { return "" }
        func chart(_ label: String, _ key: String, _ value: (LoadReport) -> Double?) -> String {
            BarChart(
                label: label,
                bars: runs.compactMap { run in
                    value(run.report).map { .init(name: run.name, value: $0, interval: run.report.intervals[key]) }
                }
            ).figure
        }
        return "<div class=\"charts\">"
            + chart("Right answers per second; the line spans the rounds", "rate") { $0.rateAchieved }
            + chart("p99, milliseconds; the line spans the rounds", "p99_ms") { $0.p99Ms } + "</div>"
    }

    /// Nines: 0 at the fastest answer, 1 at 90 %, 2 at 99 %.
    private var percentiles: String {
        let series = runs.map { run in
            Chart.Series(
                name: run.name,
                points: run.report.percentiles.filter { $0.percentile < 100 }.map {
                    (x: -log10(1 - $0.percentile / 100), y: $0.ms)
                })
        }
        let most = max(series.flatMap(\.points).map(\.x).max() ?? 2, 2)
        let ticks = [0, 50, 75, 90, 95, 99, 99.9, 99.99].map { (-log10(1 - $0 / 100), String(format: "%g %%", $0)) }
        return Chart(
            label: "Latency from the intended time to the last byte",
            x: Axis("requests that are faster", range: 0...most, ticks: ticks.filter { $0.0 <= most + 1e-9 }),
            y: Axis("ms", .logarithmic, over: series.flatMap(\.points).map(\.y)), series: series
        ).figure
    }

    private func overTime(_ run: RunResult) -> String {
        let slots = run.report.timeline
        func series(_ name: String, _ value: (Slot) -> Double?) -> Chart.Series {
            Chart.Series(name: name, points: slots.compactMap { slot in value(slot).map { (x: slot.at, y: $0) } })
        }
        var curves = [series("p50", { $0.p50Ms }), series("p99", { $0.p99Ms }), series("max", { $0.maxMs })]
        let latencies = curves.flatMap(\.points).map(\.y)
        let faulty = slots.filter { $0.faults > 0 }
        let y = Axis("ms", .logarithmic, over: latencies)
        if !faulty.isEmpty {
            // Along the top edge: they have no latency.
            curves.append(
                Chart.Series(
                    name: "\(faulty.reduce(0) { $0 + $1.faults }) faults (points at the top)",
                    points: faulty.flatMap { [(x: $0.at, y: y.range.upperBound)] }))
        }
        return Chart(
            label: run.name, x: Axis("seconds", .linear, over: slots.map(\.at)), y: y, series: curves,
            marks: run.actions.map { (x: $0.began, text: $0.name) }
        ).figure
    }
}
