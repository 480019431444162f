import Foundation

/// How to reach a database and what to set on every connection before its first statement.
package struct ConnectionConfiguration: Sendable {
    /// A libpq URL or keyword string; it may hold several hosts, a password or `sslmode`. Never logged.
    package var url: String
    /// File that holds the password, read for every new connection, so that it can change while the process runs. It wins
    /// over one in `url`. Nil: libpq finds one by itself, or needs none.
    package var passwordFile: String?
    package var applicationName: String
    /// Run in order right after connecting, before anything is prepared: planner settings act when a plan is made.
    package var sessionStatements: [String]

    package init(
        url: String, passwordFile: String? = nil, applicationName: String = "kindred", sessionStatements: [String] = []
    ) {
        self.url = url
        self.passwordFile = passwordFile
        self.applicationName = applicationName
        self.sessionStatements = sessionStatements
    }

    /// What the password file holds now, without the line's end; nil without one.
    ///
    /// - Throws: `PostgresError` with code `connection`, which names the file.
    func password() throws -> String? {
        guard let passwordFile else { return nil }
        let text: String
        do {
            text = try String(contentsOfFile: passwordFile, encoding: .utf8)
        } catch {
            throw PostgresError(
                .connection, "the password file \(passwordFile) cannot be read: \(error.localizedDescription)")
        }
        let password = text.last?.isNewline == true ? text.dropLast() : text[...]
        guard !password.isEmpty else { throw PostgresError(.connection, "the password file \(passwordFile) is empty") }
        return String(password)
    }
}
