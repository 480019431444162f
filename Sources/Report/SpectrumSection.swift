import ModelBundle

/// The singular values, where the bundle has them.
struct SpectrumSection {
    let manifest: BundleManifest

    var markup: String {
        guard let values = manifest.singularValues, let first = values.first, first > 0 else {
            return Markup.section("Singular values", "<p>This bundle does not record them.</p>")
        }
        let points = values.enumerated().map { (x: Double($0.offset + 1), y: $0.element / first) }
        let ticks = [1, 5, 10, 13, 20, 30, 45, 60, 100, 200].filter { $0 <= values.count }
        let chart = LineChart(
            label: "Singular values, relative to the largest", xTitle: "number",
            points: points, xRange: 1...Double(max(values.count, 2)), yRange: 0...1,
            xTicks: ticks.map { (Double($0), "\($0)") }, yTicks: [(0, "0"), (0.5, "0.5"), (1, "1")])
        let cut = manifest.hyperparameters["filter_cut"].map {
            " The filter halves what lies at number \(Int($0)) and fades out what lies beyond."
        }
        return Markup.section(
            "Singular values",
            "<figure>\(chart.svg)<figcaption>Of the normalised ratings, relative to the largest "
                + "(\(Markup.number(first, 2))).\(cut ?? "")</figcaption></figure>")
    }
}
