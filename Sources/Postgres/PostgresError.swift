/// What went wrong between us and PostgreSQL.
///
/// `code` and `sqlState` are stable and meant for decisions; `message` is meant for people.
package struct PostgresError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// No connection could be made, or the one in use broke.
        case connection
        /// The server answered with an error; `sqlState` says which.
        case server
        /// The deadline passed while waiting for a connection or for the server.
        case deadline
        /// The calling task was cancelled.
        case cancelled
        /// Every connection is in use and the queue for them is full.
        case poolExhausted
        /// A value is not of the type it was asked as.
        case decoding
        /// The server broke the protocol, or this client misused it.
        case protocolViolation
    }

    package let code: Code
    package let message: String
    /// The five-character SQLSTATE, where the server sent one.
    package let sqlState: String?
    package let detail: String?
    package let hint: String?

    package init(
        _ code: Code, _ message: String, sqlState: String? = nil, detail: String? = nil, hint: String? = nil
    ) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
        self.detail = detail
        self.hint = hint
    }

    /// The server is away or going away: another attempt later may succeed, this connection will not.
    package var isUnavailable: Bool {
        switch code {
        case .connection: true
        // Class 57P: operator intervention (shutdown, crash, starting up); 53300: too many connections.
        case .server: sqlState.map { $0.hasPrefix("57P") || $0 == "53300" } ?? false
        default: false
        }
    }

    package var description: String {
        var text = message
        if let sqlState { text += " (SQLSTATE \(sqlState))" }
        if let detail { text += "; \(detail)" }
        if let hint { text += "; hint: \(hint)" }
        return text
    }
}
