/// Results as one HTML page that needs nothing beside it.
package struct ReportPage {
    package let title: String
    package let documents: [ResultDocument]

    package init(title: String, documents: [ResultDocument]) {
        self.title = title
        self.documents = documents
    }

    package var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(Markup.escape(title))</title>
        <style>
        \(PageStyle.css)
        </style>
        </head>
        <body>
        <h1>\(Markup.escape(title))</h1>
        \(sections.joined(separator: "\n"))
        </body>
        </html>

        """
    }

    private var sections: [String] {
        var runs: [RunResult] = []
        var sweeps: [SweepResult] = []
        var searches: [MaxRateResult] = []
        var recalls: [RecallResult] = []
        var comparisons: [Comparison] = []
        var manifests: [(String, Manifest)] = []
        for document in documents {
            switch document {
            case .run(let result):
                runs.append(result)
                manifests.append((result.name, result.manifest))
            case .sweep(let result):
                sweeps.append(result)
                manifests.append((result.name, result.manifest))
            case .maxRate(let result):
                searches.append(result)
                manifests.append((result.name, result.manifest))
            case .recall(let result):
                recalls.append(result)
                manifests.append((result.name, result.manifest))
            case .comparison(let result):
                comparisons.append(result)
                manifests.append(("\(result.b) beside \(result.a)", result.manifest))
            }
        }
        return RunSections(runs: runs).sections
            + CurveSections(sweeps: sweeps, searches: searches, recalls: recalls).sections
            + comparisons.map(comparison) + [Markup.section("Where it was measured", manifests.map(manifest).joined())]
    }

    private func comparison(_ result: Comparison) -> String {
        let ratios = [("p50", result.p50), ("p99", result.p99), ("time per answer", result.timePerAnswer)]
        let rows = ratios.compactMap { name, ratio in
            ratio.map { [name, Text.number($0.median, 3), Text.interval($0.interval)] }
        }
        let bars = ratios.compactMap { name, ratio in
            ratio.map { BarChart.Bar(name: name, value: $0.median, interval: $0.interval) }
        }
        var text =
            "<p>A: \(Markup.escape(result.a))<br>B: \(Markup.escape(result.b))<br>\(Markup.escape(result.method))</p>"
        if let gate = result.gate, let bound = result.maxRatio {
            let words = "\(result.judged) at most \(Text.short(bound)) × A: \(gate.rawValue)"
            text += "<p class=\"\(gate.passes ? "good" : "bad")\">\(words)</p>"
        }
        text += BarChart(label: "B divided by A; above 1, B is slower", bars: bars).figure
        return Markup.section("B beside A", text + Markup.table(["", "B / A", "interval"], rows))
    }

    private func manifest(_ name: String, _ manifest: Manifest) -> String {
        var facts = [
            ("started", manifest.started), ("processor", "\(manifest.cpu), \(manifest.cores) cores"),
            ("kernel", manifest.kernel), ("load before", Text.number(manifest.loadAverage)),
            ("generator", "\(manifest.generatorVersion), git \(manifest.gitRevision ?? "unknown")"),
            ("requests", manifest.requests.joined(separator: "\n")),
        ]
        if let sql = manifest.sql { facts.append(("SQL", sql)) }
        facts += manifest.notes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let list = facts.map { "<dt>\(Markup.escape($0.0))</dt><dd>\(Markup.escape($0.1))</dd>" }.joined()
        return "<details open><summary>\(Markup.escape(name))</summary><dl>\(list)</dl></details>"
    }
}
