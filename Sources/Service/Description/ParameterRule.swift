/// What a parameter may be: requests are checked by it, and `/openapi.json` says it.
protocol ParameterRule: Sendable {
    var name: String { get }
    var says: String { get }
    /// In a body; in a query the same, with commas between the values of a list.
    var schema: Schema { get }
}

struct WholeNumberRule: ParameterRule {
    let name: String
    let range: ClosedRange<Int>
    /// Where the parameter is not given; nil where that means something of its own.
    var standard: Int?
    let says: String

    var schema: Schema { .integer(in: range).standing(for: standard.map(JSONValue.integer)) }
}

struct NumberRule: ParameterRule {
    let name: String
    let range: ClosedRange<Double>
    let says: String

    var schema: Schema { .number(in: range) }
}

/// False where it is not given.
struct SwitchRule: ParameterRule {
    let name: String
    let says: String

    var schema: Schema { .boolean.standing(for: false) }
}

struct ChoiceRule<Choice: RawRepresentable & CaseIterable & Sendable>: ParameterRule where Choice.RawValue == String {
    let name: String
    var standard: Choice?
    let says: String

    var choices: [String] { Choice.allCases.map(\.rawValue) }
    var schema: Schema { .oneOf(choices).standing(for: standard.map { .string($0.rawValue) }) }
}

struct TextRule: ParameterRule {
    let name: String
    /// Characters.
    let most: Int
    let says: String

    var schema: Schema { .text(from: 1, to: most) }
}

struct TextListRule: ParameterRule {
    let name: String
    let says: String

    var schema: Schema { .list(of: .text) }
}

struct IDListRule: ParameterRule {
    let name: String
    let most: Int
    let says: String

    var schema: Schema { .list(of: .id, to: most) }
}
