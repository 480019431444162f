/// Sweeps, searches and recall on the page.
struct CurveSections {
    let sweeps: [SweepResult]
    let searches: [MaxRateResult]
    let recalls: [RecallResult]

    var sections: [String] {
        var sections: [String] = []
        if !sweeps.isEmpty { sections.append(Markup.section("Rate against latency", rates + sweepTables)) }
        if !searches.isEmpty { sections.append(Markup.section("Highest rate within the objective", searchTable)) }
        sections += recalls.map { Markup.section("Recall against throughput: \($0.name)", recall($0)) }
        return sections
    }

    private var rates: String {
        let series = sweeps.flatMap { sweep in
            [("p50", \LoadReport.p50Ms), ("p99", \LoadReport.p99Ms)].map { name, figure in
                Chart.Series(
                    name: sweeps.count > 1 ? "\(sweep.name), \(name)" : name,
                    points: sweep.steps.compactMap { step in
                        step[keyPath: figure].map { (x: step.rateAsked ?? 0, y: $0) }
                    })
            }
        }
        let points = series.flatMap(\.points)
        return Chart(
            label: "Latency at each rate, open loop", x: Axis("requests per second", .linear, over: points.map(\.x)),
            y: Axis("ms", .logarithmic, over: points.map(\.y)), series: series
        ).figure
    }

    private var sweepTables: String {
        sweeps.map { sweep in
            Markup.table(
                ["asked/s", "right/s", "p50 ms", "p99 ms", "p99 of rounds", "faults", "generator"],
                sweep.steps.map { step in
                    [
                        Text.short(step.rateAsked ?? 0), Text.short(step.rateAchieved),
                        step.p50Ms.map { Text.number($0) } ?? "–", step.p99Ms.map { Text.number($0) } ?? "–",
                        Text.interval(step.intervals["p99_ms"], 2), "\(step.errors + step.wrong + step.dropped)",
                        step.generator.bottleneck ?? "fine",
                    ]
                })
        }.joined()
    }

    private var searchTable: String {
        Markup.table(
            ["", "objective", "rate/s", "interval", "searches"],
            searches.map { search in
                [
                    search.name, "p99 ≤ \(Text.short(search.objectiveP99Ms)) ms", Text.short(search.median),
                    Text.interval(search.interval, 0), "\(search.rates.count)",
                ]
            })
    }

    private func recall(_ result: RecallResult) -> String {
        let points = result.variants.map { (x: $0.recall, y: $0.report.rateAchieved) }
        // Each variant is a point of its own: the way between two of them is nobody's setting.
        let series = result.variants.map { variant in
            Chart.Series(
                name: variant.name, points: [(x: variant.recall, y: variant.report.rateAchieved)])
        }
        let low = ((points.map(\.x).min() ?? 0) * 20).rounded(.down) / 20
        let start = low >= 1 ? 0.95 : low
        let ticks = (0...5).map { step in
            let value = start + (1 - start) * Double(step) / 5
            return (value, Text.number(value, 3))
        }
        let chart = Chart(
            label: "Up and to the right is better; \(result.queries) queries against \(result.truthPath)",
            x: Axis("recall", range: start...1, ticks: ticks),
            y: Axis("right answers per second", .linear, over: points.map(\.y)), series: series)
        return chart.figure
            + Markup.table(
                ["", "recall", "right/s", "rounds", "p50 ms", "p99 ms"],
                result.variants.map { variant in
                    [
                        variant.name, Text.number(variant.recall, 4), Text.short(variant.report.rateAchieved),
                        Text.interval(variant.report.intervals["rate"], 0),
                        variant.report.p50Ms.map { Text.number($0) } ?? "–",
                        variant.report.p99Ms.map { Text.number($0) } ?? "–",
                    ]
                })
    }
}
