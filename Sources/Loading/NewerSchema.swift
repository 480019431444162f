/// A schema with migrations that came after this program.
package struct NewerSchema: Sendable, Equatable, CustomStringConvertible {
    /// Number of the newest migration in the database.
    package let applied: Int
    /// Number of the newest that this program knows.
    package let known: Int

    package var description: String {
        "the database is at migration \(applied), this program knows \(known): it reads on, but a newer program must write"
    }
}
