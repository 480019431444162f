/// A text with places for ids: `{id}` is the request's id, `{ids:5}` five different ids with commas between.
package struct TextTemplate: Sendable, Equatable {
    private enum Part: Equatable {
        case text(String)
        case id
        case ids(Int)
    }

    private let parts: [Part]

    /// Braces around anything else stay as they are: JSON is full of them.
    package init(_ text: String) throws(LoadPlanError) {
        var parts: [Part] = []
        var literal = ""
        var rest = text[...]
        while let brace = rest.firstIndex(of: "{") {
            literal += rest[..<brace]
            rest = rest[brace...]
            if rest.hasPrefix("{id}") {
                parts += [.text(literal), .id]
                literal = ""
                rest = rest.dropFirst(4)
            } else if rest.hasPrefix("{ids:"), let end = rest.firstIndex(of: "}") {
                let inside = rest[..<end].dropFirst(5)
                guard let count = Int(inside), (1...1_000).contains(count) else {
                    throw .invalid("'{ids:\(inside)}' must hold a number of ids from 1 to 1000")
                }
                parts += [.text(literal), .ids(count)]
                literal = ""
                rest = rest[rest.index(after: end)...]
            } else {
                literal += "{"
                rest = rest.dropFirst()
            }
        }
        self.parts = (parts + [.text(literal + rest)]).filter { $0 != .text("") }
    }

    func render(id: Int, from sampler: inout IDSampler) -> String {
        if case .text(let text)? = parts.first, parts.count == 1 { return text }
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .id: result += String(id)
            case .ids(let count): result += sampler.distinct(count).map(String.init).joined(separator: ",")
            }
        }
        return result
    }
}
