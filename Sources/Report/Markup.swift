import Foundation

/// Text for HTML and SVG.
enum Markup {
    static func escape(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
        return result
    }

    /// With so many digits after the point.
    static func number(_ value: Double, _ digits: Int = 1) -> String {
        String(format: "%.\(digits)f", value)
    }

    static func percent(_ share: Double) -> String {
        "\(number(share * 100, share > 0 && share < 0.1 ? 1 : 0)) %"
    }

    /// 100,000.
    static func count(_ value: Int) -> String {
        let digits = String(value)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// A section with a heading.
    static func section(_ title: String, _ body: String) -> String {
        "<section><h2>\(escape(title))</h2>\n\(body)\n</section>"
    }

    /// A scrolling table; cells are markup already.
    static func table(head: [String], rows: [[String]]) -> String {
        func cells(_ tag: String, _ values: [String]) -> String {
            values.map { "<\(tag)>\($0)</\(tag)>" }.joined()
        }
        let body = rows.map { "<tr>\(cells("td", $0))</tr>" }.joined(separator: "\n")
        return "<div class=\"scroll\"><table><thead><tr>\(cells("th", head))</tr></thead>\n"
            + "<tbody>\(body)</tbody></table></div>"
    }
}
