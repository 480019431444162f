package import Postgres

extension PostgresError {
    /// The database does not answer, or not in time; nothing is wrong with the statement.
    package var isAbsence: Bool { isUnavailable || code == .deadline || code == .poolExhausted }
}
