import Foundation
import Testing

@testable import Retrieval

@Suite struct CatalogueCursorTests {
    @Test("a cursor reads back as it was written, in letters that need no escape")
    func roundTrip() throws {
        for (order, match) in [
            (CatalogueQuery.Order.id, nil), (.popular, nil), (.asked, nil), (.relevance, TitleMatch.prefixTypo),
        ] as [(CatalogueQuery.Order, TitleMatch?)] {
            for id in [1, 50, Int32.max, -3] {
                let cursor = CatalogueCursor(order: order, id: id, place: 123, match: match)
                #expect(CatalogueCursor(cursor.text) == cursor)
                #expect(
                    cursor.text.utf8.allSatisfy {
                        Character(Unicode.Scalar($0)).isLetter || (48...57).contains($0) || $0 == 45 || $0 == 95
                    })
            }
        }
    }

    @Test("nothing else is a cursor")
    func others() {
        let text = { (plain: String) in Data(plain.utf8).base64EncodedString().replacing("=", with: "") }
        for wrong in [
            "", "x", "====", "💥", text(""), text("id 1 1"), text("id 1 1  "), text("id 1 -1 "), text("id x 1 "),
            text("id 1 1 title"), text("relevance 1 1 "), text("relevance 1 1 best"), text("id 01 1 "),
            text("id 1 1 ") + "=", text("id 99999999999 1 "), text("id 1 99999999999 "),
        ] {
            #expect(CatalogueCursor(wrong) == nil, "\(wrong)")
        }
        #expect(CatalogueCursor(text("id 1 1 ")) != nil)
    }
}
