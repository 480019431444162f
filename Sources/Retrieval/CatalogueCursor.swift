import Foundation

/// Where a page ended. It names the last item, so that it holds in another generation too; the item's place counts only
/// where that generation has the item no more.
package struct CatalogueCursor: Sendable, Equatable {
    let order: CatalogueQuery.Order
    /// Of the last item.
    let id: Int32
    /// Where it stood in its order.
    let place: Int
    /// How it was found; nil where nothing was looked for.
    let match: TitleMatch?

    init(order: CatalogueQuery.Order, id: Int32, place: Int, match: TitleMatch?) {
        (self.order, self.id, self.place, self.match) = (order, id, place, match)
    }

    /// As clients hand it back. Nil for anything else.
    package init?(_ text: String) {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let standard = text.replacing("-", with: "+").replacing("_", with: "/") + padding
        guard let data = Data(base64Encoded: standard) else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 4, let order = CatalogueQuery.Order(rawValue: String(parts[0])), let id = Int32(parts[1]),
            let place = Int32(parts[2]), place >= 0
        else { return nil }
        let match = TitleMatch(rawValue: String(parts[3]))
        guard (match != nil) == (order == .relevance), match != nil || parts[3].isEmpty else { return nil }
        self.init(order: order, id: id, place: Int(place), match: match)
        guard self.text == text else { return nil }
    }

    /// Whether it is of an answer in this order; a place in one order says nothing of another.
    package func isOf(_ order: CatalogueQuery.Order) -> Bool { self.order == order }

    package var text: String {
        Data("\(order.rawValue) \(id) \(place) \(match?.rawValue ?? "")".utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
