import ModelBundle

/// What is unusual about the data set.
struct OdditiesSection {
    let bundle: ModelBundle
    let counts: [Int]

    var markup: String {
        let undated = bundle.items.filter { $0.released == nil }
        let untagged = bundle.items.filter(\.tags.isEmpty)
        let cold = Set(bundle.coldItems)
        let coldItems = bundle.items.filter { cold.contains($0.id) }
        let hidden = Set(bundle.itemsWithoutSimilarity)
        let once = bundle.items.indices.filter { counts[$0] == 1 }.map { bundle.items[$0] }
        let parts = [
            duplicates,
            group("without a rating: no recommendation vector", coldItems),
            group("without ratings and genres: no neighbours", bundle.items.filter { hidden.contains($0.id) }),
            group("rated once", once), group("without a release date", undated), group("without a genre", untagged),
            "<p>\(Markup.count(bundle.coldUsers.count)) users without a rating.</p>",
        ]
        return Markup.section("Oddities of the data", parts.joined(separator: "\n"))
    }

    private var duplicates: String {
        let groups = Dictionary(grouping: bundle.items, by: \.title).values
            .filter { $0.count > 1 }
            .sorted { $0[0].id < $1[0].id }
        let lines = groups.map { items in
            "\(Markup.escape(items[0].title)): \(items.map { "\($0.id)" }.joined(separator: ", "))"
        }
        return details("\(Markup.count(groups.count)) titles with several ids, all kept", lines, of: groups.count)
    }

    private func group(_ what: String, _ items: [CatalogueItem]) -> String {
        details(
            "\(Markup.count(items.count)) movies \(what)", items.map { "\(Markup.escape($0.title)) (\($0.id))" },
            of: items.count)
    }

    private static let most = 100

    private func details(_ summary: String, _ lines: [String], of count: Int) -> String {
        guard count > 0 else { return "<p>\(summary).</p>" }
        let more =
            count > OdditiesSection.most ? "<li>… and \(Markup.count(count - OdditiesSection.most)) more</li>" : ""
        let items = lines.prefix(OdditiesSection.most).map { "<li>\($0)</li>" }.joined(separator: "\n")
        return "<details><summary>\(summary)</summary><ul>\(items)\(more)</ul></details>"
    }
}
