/// A statement that is prepared once on each connection that runs it.
///
/// Planner settings must be in place before the first preparation: a cached plan outlives the settings it was
/// made under.
package struct Statement: Sendable, Hashable {
    package let name: String
    package let sql: String

    /// - Parameter name: unique among the statements of a connection; it shows in the server's
    ///   `pg_prepared_statements`.
    package init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }
}
