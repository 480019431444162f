import Foundation
import ModelBundle
import MovieLens

/// Titles and tags of items whose vectors come from outside: a CSV whose header names `id`, `title` and, where there
/// are any, `released` (YYYY-MM-DD) and `tags` (with `|` between them).
struct CatalogueFile {
    private var entries: [String: CatalogueItem] = [:]

    init() {}

    init(_ url: URL) throws {
        let stream = try LineStream(url)
        var fields = TextFields(.byte(UInt8(ascii: ",")))
        var columns: [String: Int] = [:]
        var entries: [String: CatalogueItem] = [:]
        func bad(_ line: Int, _ reason: String, _ code: MovieLensError.Code = .malformed) -> MovieLensError {
            MovieLensError(code, file: stream.name, line: line, reason: reason)
        }
        try stream.forEachLine { number in
            throw bad(number, "the line is blank")
        } _: { number, line in
            if let defect = fields.split(line) { throw bad(number, defect) }
            let texts = (0..<fields.count).map { fields.text($0) }
            if columns.isEmpty {
                columns = Dictionary(zip(texts, texts.indices), uniquingKeysWith: { first, _ in first })
                guard columns["id"] != nil, columns["title"] != nil else {
                    throw bad(number, "the header is \(texts.joined(separator: ",")); it must name id and title")
                }
                return
            }
            guard texts.count == columns.count else {
                throw bad(number, "\(texts.count) columns where the header has \(columns.count)")
            }
            func text(_ name: String) -> String? {
                columns[name].flatMap { texts[$0].isEmpty ? nil : texts[$0] }
            }
            guard let id = text("id"), let title = text("title") else { throw bad(number, "id or title is empty") }
            if let released = text("released"), !CatalogueFile.isDate(released) {
                throw bad(number, "released '\(released)' is not a day such as 1995-01-31")
            }
            let item = CatalogueItem(
                id: 0, title: title, released: text("released"),
                tags: text("tags")?.split(separator: "|").map(String.init) ?? [])
            guard entries.updateValue(item, forKey: id) == nil else {
                throw bad(number, "id '\(id)' appears twice", .duplicate)
            }
        }
        self.entries = entries
    }

    /// What is known of an item; its id is its title where nothing is.
    func item(_ id: Int32, text: String?) -> CatalogueItem {
        var item = entries[text ?? String(id)] ?? CatalogueItem(id: id, title: text ?? String(id))
        item.id = id
        if let text { item.attributes["external_id"] = text }
        return item
    }

    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard parts.count == 3 else { return false }
        return CivilDate(year: parts[0], month: parts[1], day: parts[2])?.description == text
    }
}
