import ArgumentParser
import Foundation
import ModelBundle
import MovieLens
import Settings
import Training

/// `kindred-train import`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make a bundle of vectors that another program has learned.",
        discussion: """
            Vectors are .npy (float32 or float64, rows × dimensions, C order) or CSV: an id and its values on each \
            line. Nothing is learned: the metric is turned into the geometry that the database orders by.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "The items' vectors: .npy or CSV.")
    var itemVectors: String?

    @Option(help: "One id a line for the rows of a .npy (default: 1, 2, …).")
    var itemIds: String?

    @Option(help: "The users' vectors, of the same dimensions: .npy or CSV.")
    var userVectors: String?

    @Option(help: "One id a line for the rows of a .npy of users (default: 1, 2, …).")
    var userIds: String?

    @Option(help: "A CSV of the items with the columns id, title and, if known, released (YYYY-MM-DD) and tags (a|b).")
    var titles: String?

    @Option(help: "What nearness means to the vectors: l2, cosine or inner-product.")
    var metric: String?

    @Option(help: "The bundle's folder (default <home>/bundles/<name>-<version>).")
    var out: String?

    @Option(help: "The bundle's name (default imported).")
    var name: String?

    @Option(name: .customLong("bundle.version"), help: "The bundle's version (default: start of its content hash).")
    var bundleVersion: String?

    func run() async throws {
        try await Failure.reported {
            let settings = try await common.settings()
            let home = URL(fileURLWithPath: try common.home(settings))
            guard let itemFile = try url("item.vectors", itemVectors, settings) else {
                throw SettingsError.missing(key: "--item-vectors", advice: "name a .npy or CSV file")
            }
            let metric = try metric(settings)
            let userFile = try url("user.vectors", userVectors, settings)
            let catalogueFile = try url("titles", titles, settings)
            let items = try OutsideVectors.read(itemFile, ids: try url("item.ids", itemIds, settings))
            let userIDFile = try url("user.ids", userIds, settings)
            if userFile == nil, userIDFile != nil {
                throw Failure(.usage, "--user-ids names ids, but --user-vectors no vectors")
            }
            let users = try userFile.map { try OutsideVectors.read($0, ids: userIDFile) }
            let model = try ImportedModel(items: items, users: users, metric: metric)
            let catalogue = try catalogueFile.map { try CatalogueFile($0) } ?? CatalogueFile()
            let bundle = try ModelBundle(
                name: try settings.string("name", flag: name) ?? "imported",
                version: try settings.string("bundle.version", flag: bundleVersion),
                dataset: .init(
                    name: "imported-\(metric.rawValue)",
                    checksum: try Checksum.sha256(filesAt: [itemFile, userFile, catalogueFile].compactMap { $0 }),
                    users: users?.ids.count ?? 0, items: items.ids.count, interactions: 0, synthetic: false),
                geometry: model.geometry, content: content(model, items, users, catalogue))
            let folder =
                try settings.string("out", flag: out).map { URL(fileURLWithPath: $0) }
                ?? home.appending(path: "bundles/\(bundle.manifest.name)-\(bundle.manifest.version)")
            let outcome = try bundle.write(to: folder)
            Console.note(
                "\(items.ids.count) items and \(users?.ids.count ?? 0) users, \(items.dimensions) dimensions, "
                    + (outcome == .written ? "the bundle is written:" : "this bundle is already there, unchanged:"))
            Console.output(folder.path)
        }
    }

    private func content(
        _ model: ImportedModel, _ items: OutsideVectors, _ users: OutsideVectors?, _ catalogue: CatalogueFile
    ) -> ModelBundle.Content {
        ModelBundle.Content(
            items: zip(items.ids, items.texts).map { catalogue.item($0, text: $1) },
            users: users.map { users in
                zip(users.ids, users.texts).map { id, text in
                    CatalogueUser(id: id, attributes: text.map { ["external_id": $0] } ?? [:])
                }
            } ?? [],
            interactions: [], itemVectors: model.itemVectors, similarity: model.similarity,
            userVectors: model.userVectors, encoder: model.encoder,
            genreRows: model.genreRows)
    }

    private func url(_ key: String, _ flag: String?, _ settings: Settings) throws -> URL? {
        try settings.string(key, flag: flag).map { URL(fileURLWithPath: $0) }
    }

    private func metric(_ settings: Settings) throws -> ImportedModel.Metric {
        let choices = ImportedModel.Metric.allCases.map(\.rawValue).joined(separator: ", ")
        guard let name = try settings.string("metric", flag: metric) else {
            throw SettingsError.missing(key: "--metric", advice: "say what nearness means: \(choices)")
        }
        guard let metric = ImportedModel.Metric(rawValue: name) else {
            throw SettingsError.invalid(source: "--metric", reason: "'\(name)' is not one of \(choices)")
        }
        return metric
    }
}
