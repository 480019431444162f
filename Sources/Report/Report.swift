import Foundation
package import ModelBundle
import Training

/// One page that shows what a bundle holds: HTML with inline SVG, nothing from the network.
package struct Report {
    private let bundle: ModelBundle
    private let baselines: [Baseline]
    /// Rating counts by item row.
    private let counts: [Int]

    /// - Parameter baselines: other models on the same split; without any, the popularity that the bundle records.
    package init(_ bundle: ModelBundle, baselines: [Baseline] = []) {
        self.bundle = bundle
        self.baselines = baselines
        let rows = Dictionary(uniqueKeysWithValues: zip(bundle.items.map(\.id), bundle.items.indices))
        var counts = [Int](repeating: 0, count: bundle.items.count)
        for interaction in bundle.interactions { counts[rows[interaction.item]!] += 1 }
        self.counts = counts
    }

    /// The whole page.
    ///
    /// - Throws: `TrainingError` when the map's eigenvalues cannot be found.
    package func html() throws -> String {
        let manifest = bundle.manifest
        let title = Markup.escape("\(manifest.name) \(manifest.version)")
        let sections = [
            MetricsSection(manifest: manifest, baselines: baselines).markup,
            try MapSection(bundle: bundle, counts: counts).markup,
            NeighboursSection(bundle: bundle, counts: counts).markup,
            CurvesSection(bundle: bundle, counts: counts).markup,
            SpectrumSection(manifest: manifest).markup,
            OdditiesSection(bundle: bundle, counts: counts).markup,
        ]
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <style>
            \(ReportStyle.css)
            </style>
            </head>
            <body>
            <header><h1>\(title)</h1>
            \(warning)\(facts)
            </header>
            <main>
            \(sections.joined(separator: "\n"))
            </main>
            <script>
            \(ReportStyle.script)
            </script>
            </body>
            </html>

            """
    }

    private var warning: String {
        guard bundle.manifest.dataset.synthetic else { return "" }
        return "<p class=\"warning\">Generated data: these ratings are not from people.</p>\n"
    }

    private var facts: String {
        let manifest = bundle.manifest
        let dataset = manifest.dataset
        let values = [
            ("Movies", Markup.count(dataset.items)), ("Users", Markup.count(dataset.users)),
            ("Ratings", Markup.count(dataset.interactions)), ("Dimensions", "\(manifest.geometry.dimensions)"),
            ("Data set", Markup.escape(dataset.name)), ("Made", manifest.created.formatted(.iso8601)),
            ("Commit", Markup.escape(String((manifest.gitRevision ?? "–").prefix(12)))),
            ("Content", String(manifest.contentHash.prefix(12))),
        ]
        return "<dl class=\"facts\">"
            + values.map { "<div><dt>\($0)</dt><dd>\($1)</dd></div>" }.joined() + "</dl>"
    }
}
