/// What a strict reading of Prometheus' text format 0.0.4 finds; a line it does not understand is an error.
struct Exposition {
    struct Sample: Equatable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Malformed: Error {
        let line: Substring
        let reason: String
    }

    private(set) var help: [String: String] = [:]
    private(set) var types: [String: String] = [:]
    private(set) var samples: [Sample] = []

    init(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.isEmpty || text.hasSuffix("\n") else { throw Malformed(line: "", reason: "no newline at the end") }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("# HELP ") {
                try add(line, to: \.help, "HELP given twice")
            } else if line.hasPrefix("# TYPE ") {
                try add(line, to: \.types, "TYPE given twice")
            } else {
                samples.append(try Self.sample(line))
                try checkType(of: samples.last!.name, line)
            }
        }
    }

    private mutating func add(
        _ line: Substring, to table: WritableKeyPath<Self, [String: String]>, _ complaint: String
    ) throws {
        let words = line.split(separator: " ", maxSplits: 3)
        guard words.count == 4 else { throw Malformed(line: line, reason: "a comment of \(words.count) words") }
        guard self[keyPath: table].updateValue(String(words[3]), forKey: String(words[2])) == nil else {
            throw Malformed(line: line, reason: complaint)
        }
    }

    private func checkType(of name: String, _ line: Substring) throws {
        let families = ["", "_bucket", "_sum", "_count"].filter(name.hasSuffix).map { String(name.dropLast($0.count)) }
        guard families.contains(where: { types[$0] != nil }) else {
            throw Malformed(line: line, reason: "a sample before its TYPE")
        }
    }

    private static func sample(_ line: Substring) throws -> Sample {
        var rest = line
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
        rest.removeFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest.removeFirst()
            while rest.first != "}" {
                let (label, value) = try Self.label(&rest, line)
                guard labels.updateValue(value, forKey: label) == nil else {
                    throw Malformed(line: line, reason: "\(label) twice")
                }
                if rest.first == "," {
                    rest.removeFirst()
                } else if rest.first != "}" {
                    throw Malformed(line: line, reason: "neither comma nor brace")
                }
            }
            rest.removeFirst()
        }
        guard !name.isEmpty, rest.first == " ", let value = Double(rest.dropFirst()) else {
            throw Malformed(line: line, reason: "no name or no number")
        }
        return Sample(name: String(name), labels: labels, value: value)
    }

    private static func label(_ rest: inout Substring, _ line: Substring) throws -> (String, String) {
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        rest.removeFirst(name.count)
        guard !name.isEmpty, rest.hasPrefix("=\"") else { throw Malformed(line: line, reason: "no label") }
        rest.removeFirst(2)
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return (String(name), value)
            case "\\":
                guard let escaped = rest.popFirst(), let meant = ["\\": "\\", "\"": "\"", "n": "\n"][escaped] else {
                    throw Malformed(line: line, reason: "unknown escape")
                }
                value += meant
            default: value.append(character)
            }
        }
        throw Malformed(line: line, reason: "unterminated value")
    }
}
