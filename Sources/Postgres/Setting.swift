/// A configuration parameter of the server, to be in force for a statement.
package struct Setting: Sendable, Equatable {
    package enum Scope: Sendable {
        /// For one statement.
        case statement
        /// From then on; sent only where the connection has another value, so that statements which want the same one
        /// pay nothing.
        case session
    }

    package let name: String
    package let value: String
    package let scope: Scope

    package init(_ name: String, _ value: String, scope: Scope = .statement) {
        self.name = name
        self.value = value
        self.scope = scope
    }
}
