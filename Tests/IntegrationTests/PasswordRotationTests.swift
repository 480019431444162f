import Foundation
import InMemoryLogging
import Logging
import ModelBundle
import Postgres
import Service
import TestSupport
import Testing

/// The password comes from a file that is read for every new connection.
@Suite struct PasswordRotationTests {
    /// A role with a password, and how it connects over TCP, where the server asks for it.
    private struct Role {
        let name = "role_" + UUID().uuidString.lowercased().replacing("-", with: "")
        let file: String
        let administrator: Connection

        /// With a password that is wrong, to see which one wins.
        func url() async throws -> String {
            let place = try await administrator.query("SELECT current_setting('port'), current_database()")
            return "postgresql://\(name):stale@127.0.0.1:\(try place.text(0, 0))/\(try place.text(0, 1))"
        }

        func rotate(to password: String) async throws {
            try await administrator.execute("ALTER ROLE \(name) PASSWORD '\(password)'")
            try await administrator.execute(
                "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE usename = '\(name)'")
        }

        /// Written beside its place and renamed, as whoever rotates passwords does it.
        func write(_ password: String) throws {
            try Data(password.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
        }

        func sessions() async throws -> Set<String> {
            let rows = try await administrator.query(
                "SELECT DISTINCT application_name FROM pg_stat_activity WHERE usename = '\(name)'")
            return Set(try (0..<rows.rowCount).map { try rows.text($0, 0) })
        }
    }

    private static func withRole(
        _ body: @Sendable (Role, LoadedDatabase, StateFolder) async throws -> Void
    ) async throws {
        try await StateFolder.with { state in
            try await LoadedDatabase.with(try TrainedBundle.small()) { database in
                let role = Role(
                    file: state.path + "/password", administrator: try await TestServer.connect(database.url))
                try await role.administrator.execute("CREATE ROLE \(role.name) LOGIN SUPERUSER PASSWORD 'first'")
                let outcome: Result<Void, any Error>
                do { outcome = .success(try await body(role, database, state)) } catch { outcome = .failure(error) }
                try await role.administrator.execute("DROP ROLE \(role.name)")
                try outcome.get()
            }
        }
    }

    @Test("a connection takes the file's password as it is then, and says which file it cannot read")
    func connecting() async throws {
        try await Self.withRole { role, _, _ in
            let configuration = ConnectionConfiguration(url: try await role.url(), passwordFile: role.file)
            func reason() async -> String {
                await #expect(throws: PostgresError.self) { try await Connection.connect(configuration) }?.message ?? ""
            }
            #expect(await reason().hasPrefix("the password file \(role.file) cannot be read: "))
            try role.write("\n")
            #expect(await reason() == "the password file \(role.file) is empty")
            for end in ["", "\n", "\r\n"] {
                try role.write("first" + end)
                _ = try await Connection.connect(configuration)
            }
            try role.write("first\n\n")
            #expect(await reason().contains("password authentication failed"))
        }
    }

    @Test("a password that is rotated under load is taken up without a restart, and memory answers meanwhile")
    func rotation() async throws {
        try await Self.withRole { role, database, state in
            try role.write("first\n")
            var configuration = ServiceConfiguration(databaseURL: try await role.url())
            configuration.databasePasswordFile = role.file
            configuration.stateFolder = state.path
            configuration.cacheEntries = 0
            let log = InMemoryLogHandler()
            try await RunningService.with(configuration, logger: Logger(label: "test") { _ in log }) { service in
                let clients = EventClients(movie: database.bundle.items[0].id)
                clients.aim(at: service.base)
                try await clients.sending {
                    for (number, password) in ["second", "third"].enumerated() {
                        try await clients.waitForMore(20)
                        try await role.rotate(to: password)
                        // Nobody has told the service yet.
                        try await eventually("memory answers") {
                            let answer: Envelope = try await service.get("/v1/movies/1/similar").json()
                            #expect(answer.returned == 10)
                            return answer.degraded && answer.source == "memory"
                        }
                        if number == 1 {
                            try FileManager.default.removeItem(atPath: role.file)
                            try await eventually("the log names the file") {
                                log.entries.contains {
                                    "\($0)".contains("the password file \(role.file) cannot be read")
                                }
                            }
                        }
                        try await clients.waitForMore(20)
                        try role.write(password + "\n")
                        try await eventually("every connection is back") {
                            let readiness = try await service.get("/readyz")
                            #expect(readiness.status == 200)
                            let sessions = try await role.sessions()
                            return readiness.text.contains("\"status\":\"ready\"")
                                && sessions.isSuperset(of: ["kindred-serve", "kindred-watch", "kindred-events"])
                        }
                        // Where the machine is busy, the database may be too late for one of them.
                        try await eventually("the database answers again") {
                            let answer: Envelope = try await service.get("/v1/movies/1/similar").json()
                            return !answer.degraded && answer.source == "pgvector"
                        }
                    }
                }
                try await eventually("the journal is empty") {
                    try await service.get("/metrics").text.contains("\nkindred_journal_pending_events 0\n")
                }
                try await clients.check(database.url)
            }
            let words = log.entries.map { "\($0)" }
            #expect(!words.isEmpty)
            for password in ["stale", "first", "second\"", "third"] {
                #expect(!words.contains { $0.contains(password) }, "a log line holds '\(password)'")
            }
        }
    }
}
