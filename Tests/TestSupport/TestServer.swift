import Foundation
package import Postgres

/// The real PostgreSQL that `make test` starts for the tests.
package enum TestServer {
    package struct Missing: Error, CustomStringConvertible {
        package let description = "KINDRED_TEST_DATABASE_URL is not set: run the tests with `make test`"
    }

    /// Superuser URL of the server's database `postgres`. Its absence is an error, never a skip.
    package static func url() throws -> String {
        guard let url = ProcessInfo.processInfo.environment["KINDRED_TEST_DATABASE_URL"], !url.isEmpty else {
            throw Missing()
        }
        return url
    }

    /// A test with a database of its own opens a handful of connections, a service among them a pool.
    private static let turnstile = Turnstile(places: 4)

    /// The same server, another database.
    package static func url(database: String) throws -> String {
        // A libpq URL over a socket has no host, which Foundation's URL types cannot write back.
        let url = try url()
        let end = url.firstIndex(of: "?") ?? url.endIndex
        guard let slash = url[..<end].lastIndex(of: "/") else { throw Missing() }
        return url[...slash] + database + url[end...]
    }

    /// Runs `body` with the URL of a new, empty database, which is dropped afterwards.
    @discardableResult
    package static func withDatabase<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        await turnstile.enter()
        defer { Task { await turnstile.leave() } }
        let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        try await administer("CREATE DATABASE \(name)")
        do {
            let result = try await body(try url(database: name))
            try await administer("DROP DATABASE \(name) WITH (FORCE)")
            return result
        } catch {
            try? await administer("DROP DATABASE \(name) WITH (FORCE)")
            throw error
        }
    }

    package static func administer(_ sql: String) async throws {
        try await Connection.connect(ConnectionConfiguration(url: try url())).execute(sql)
    }

    package static func connect(_ url: String, session: [String] = []) async throws -> Connection {
        try await Connection.connect(ConnectionConfiguration(url: url, sessionStatements: session))
    }
}
