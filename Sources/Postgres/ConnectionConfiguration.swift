/// How to reach a database and what to set on every connection before its first statement.
package struct ConnectionConfiguration: Sendable {
    /// A libpq URL or keyword string; it may hold several hosts, a password or `sslmode`. Never logged.
    package var url: String
    package var applicationName: String
    /// Run in order right after connecting, before anything is prepared: planner settings act when a plan is made.
    package var sessionStatements: [String]

    package init(url: String, applicationName: String = "kindred", sessionStatements: [String] = []) {
        self.url = url
        self.applicationName = applicationName
        self.sessionStatements = sessionStatements
    }
}
