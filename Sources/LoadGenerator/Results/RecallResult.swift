/// Several ways to answer the same queries: how right, how fast.
package struct RecallResult: Sendable, Codable {
    package static let kind = "recall"

    package struct Variant: Sendable, Codable {
        package let name: String
        package let path: String
        /// Share of the exact answers that it finds.
        package let recall: Double
        package let report: LoadReport

        package init(name: String, path: String, recall: Double, report: LoadReport) {
            self.name = name
            self.path = path
            self.recall = recall
            self.report = report
        }
    }

    package let kind: String
    package let name: String
    package let truthPath: String
    package let queries: Int
    package let variants: [Variant]
    package let manifest: Manifest

    package init(name: String, truthPath: String, queries: Int, variants: [Variant], manifest: Manifest) {
        kind = Self.kind
        self.name = name
        self.truthPath = truthPath
        self.queries = queries
        self.variants = variants
        self.manifest = manifest
    }

    package func table() -> String {
        let head = ["variant", "recall", "right/s", "rounds", "p50 ms", "p99 ms"]
        let rows = variants.map { variant in
            [
                variant.name, Text.number(variant.recall, 4), Text.number(variant.report.rateAchieved, 0),
                Text.interval(variant.report.intervals["rate"], 0),
                variant.report.p50Ms.map { Text.number($0, 3) } ?? "–",
                variant.report.p99Ms.map { Text.number($0, 3) } ?? "–",
            ]
        }
        return "\(name): recall over \(queries) queries against \(truthPath)\n" + Text.table([head] + rows)
    }

    private enum CodingKeys: String, CodingKey {
        case kind, name
        case truthPath = "truth_path"
        case queries, variants, manifest
    }
}
