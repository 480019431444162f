/// What somebody makes of an item.
package enum Opinion: Sendable, Hashable {
    case liked
    case disliked
    /// Met, and nothing said of it.
    case seen
    /// Stars.
    case rated(Float)
}

/// Whose history the service keeps.
package enum Person: Sendable, Hashable {
    case user(Int32)
    /// An anonymous visitor, as the client names it.
    case session(String)
}

/// What items are wanted for: somebody's history, opinions that come with the request, or both.
package struct Taste: Sendable, Hashable {
    /// Whose history there is; nil for nobody's.
    package let person: Person?
    /// By item id; laid over the history.
    package let opinions: [Int32: Opinion]

    package init(of person: Person? = nil, _ opinions: [Int32: Opinion] = [:]) {
        self.person = person
        self.opinions = opinions
    }
}

extension Opinion {
    /// What an event says of an item: `rated` says how it was liked, `viewed` and `watched` that it was met.
    ///
    /// - Parameter eventKind: as `kindred.events` has it.
    package init(eventKind: String, value: Float?) {
        if eventKind == "rated", let value {
            self = .rated(value)
        } else {
            self = .seen
        }
    }
}
