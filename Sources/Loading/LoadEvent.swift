/// What a load is doing, in order. Every case but `.notice`, `.progress` and `.waiting` marks a finished step.
package enum LoadEvent: Sendable, Equatable {
    case waiting(String)
    case locked
    case cleanedUp(generations: [Int])
    case registered(generation: Int)
    case tablesCreated
    case catalogueCopied(items: Int, users: Int, interactions: Int)
    case vectorsCopied(items: Int, users: Int)
    case committed
    /// `fraction` is of one index, nil in a phase whose size the server does not tell.
    case progress(column: String, phase: String, fraction: Double?)
    case indexed(column: String)
    case analysed
    case ready
    case activated(replaced: Int?)
    case notice(String)
}

/// What became of a load.
package struct LoadOutcome: Sendable, Equatable {
    package let generation: Int
    /// The same bundle with the same index was there already; nothing was written but a rating head it lacked.
    package let wasLoaded: Bool
    package let isActive: Bool
}
