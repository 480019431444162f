import ModelBundle

/// How good the model is, beside others on the same split.
struct MetricsSection {
    let manifest: BundleManifest
    let baselines: [Baseline]

    private static let shown = [
        ("ndcg", "nDCG@10"), ("recall", "Recall@10"), ("precision", "Precision@10"), ("map", "MAP"),
        ("map_at_k", "MAP@10"), ("coverage", "Coverage"), ("gini", "Gini"), ("novelty", "Novelty, bits"),
    ]

    var markup: String {
        guard let own else {
            return Markup.section(
                "Ranking", "<p>This bundle carries no measurements: it was trained with <code>--no-holdout</code>.</p>")
        }
        var body = """
            <p>Learned on 75 % of each movie’s ratings, measured on the rest. Whiskers are 95 % bootstrap intervals \
            over users.</p>
            """
        body += bars([own] + others)
        body += Markup.table(
            head: ["Model"] + MetricsSection.shown.map { Markup.escape($0.1) } + ["Training"],
            rows: ([own] + others).map(row))
        body += similarity
        return Markup.section("Ranking", body)
    }

    private func named(_ prefix: String) -> [String: Double] {
        Dictionary(
            uniqueKeysWithValues: MetricsSection.shown.compactMap { key, _ in
                manifest.metrics["\(prefix)\(key)"].map { (key, $0) }
            })
    }

    private var own: Baseline? {
        let metrics = named("holdout_")
        guard metrics["ndcg"] != nil else { return nil }
        var interval: [String: Baseline.Interval] = [:]
        for (key, _) in MetricsSection.shown {
            guard let low = manifest.metrics["holdout_\(key)_low"], let high = manifest.metrics["holdout_\(key)_high"]
            else { continue }
            interval[key] = .init(low: low, high: high)
        }
        return Baseline(name: "This bundle", metrics: metrics, interval: interval)
    }

    private var others: [Baseline] {
        if !baselines.isEmpty { return baselines }
        let popularity = named("holdout_popularity_")
        return popularity["ndcg"] == nil ? [] : [Baseline(name: "Most watched", metrics: popularity)]
    }

    private func row(_ model: Baseline) -> [String] {
        let figures = MetricsSection.shown.map { key, _ in
            model.metrics[key].map { Markup.number($0, key == "novelty" ? 2 : 4) } ?? "–"
        }
        return [Markup.escape(model.name)] + figures + [model.seconds.map { "\(Markup.number($0, 2)) s" } ?? "–"]
    }

    /// nDCG of each model as a bar with its interval.
    private func bars(_ models: [Baseline]) -> String {
        let measured = models.compactMap { model in model.metrics["ndcg"].map { (model, $0) } }
        let most = measured.map { max($0.1, $0.0.interval["ndcg"]?.high ?? 0) }.max() ?? 1
        let (left, width, step) = (104.0, 210.0, 24.0)
        func x(_ value: Double) -> String { Markup.number(left + width * value / max(most, 1e-9)) }
        let height = Int(step * Double(measured.count) + 4)
        var parts = ["<svg viewBox=\"0 0 360 \(height)\" role=\"img\" aria-label=\"nDCG@10 by model\">"]
        for (index, (model, value)) in measured.enumerated() {
            let top = Double(index) * step + 4
            let middle = Markup.number(top + 8)
            let name = model.name.count > 18 ? model.name.prefix(17) + "…" : model.name[...]
            parts.append(
                "<text x=\"\(Markup.number(left - 6))\" y=\"\(Markup.number(top + 12))\" class=\"end\">"
                    + "\(Markup.escape(String(name)))</text>"
                    + "<rect class=\"\(index == 0 ? "own" : "other")\" x=\"\(Markup.number(left))\" "
                    + "y=\"\(Markup.number(top))\" width=\"\(Markup.number(width * value / max(most, 1e-9)))\" "
                    + "height=\"16\" rx=\"2\"><title>\(Markup.escape(model.name)): \(Markup.number(value, 4))</title>"
                    + "</rect>")
            if let range = model.interval["ndcg"] {
                parts.append(
                    "<line class=\"whisker\" x1=\"\(x(range.low))\" x2=\"\(x(range.high))\" "
                        + "y1=\"\(middle)\" y2=\"\(middle)\"/>")
            }
            parts.append(
                "<text x=\"356\" y=\"\(Markup.number(top + 12))\" class=\"end\">\(Markup.number(value, 4))</text>")
        }
        return "<figure>\(parts.joined(separator: "\n"))</svg><figcaption>nDCG@10</figcaption></figure>"
    }

    private var similarity: String {
        let shown = [
            ("holdout_similar_taste_auc", "Taste AUC"), ("holdout_similar_genre_jaccard", "Genre Jaccard"),
            ("holdout_similar_co_liked_lift", "Co-liked lift"),
        ]
        let cells = shown.compactMap { key, name in
            manifest.metrics[key].map { "<div><dt>\(name)</dt><dd>\(Markup.number($0, 3))</dd></div>" }
        }
        return cells.isEmpty ? "" : "<p>Neighbours of movies:</p><dl class=\"facts\">\(cells.joined())</dl>"
    }
}
