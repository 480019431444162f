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
            default: result.append(character)
            }
        }
        return result
    }

    static func section(_ title: String, _ body: String) -> String {
        "<section><h2>\(escape(title))</h2>\n\(body)\n</section>"
    }

    static func table(_ head: [String], _ rows: [[String]]) -> String {
        func cells(_ tag: String, _ values: [String]) -> String {
            values.map { "<\(tag)>\(escape($0))</\(tag)>" }.joined()
        }
        let body = rows.map { "<tr>\(cells("td", $0))</tr>" }.joined(separator: "\n")
        return
            "<div class=\"scroll\"><table><thead><tr>\(cells("th", head))</tr></thead>\n<tbody>\(body)</tbody></table></div>"
    }
}
