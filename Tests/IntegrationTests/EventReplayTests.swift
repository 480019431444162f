import Events
import Foundation
import Journal
import Loading
import Logging
import Postgres
import TestSupport
import Testing

@Suite struct EventReplayTests {
    private struct Fixture: Sendable {
        let url: String
        let journal: Journal
        let replay: EventReplay
        let state: StateFolder

        /// - Parameter value: of a rating; the database takes 0.5 to 5.
        func append(_ ids: [String], value: Double = 3) async throws {
            let events = ids.map { id in
                Event(
                    eventID: id, catalogueID: 1, userID: 1, session: nil, itemID: 1, kind: .rated, value: value,
                    generationID: 1, requestID: "r", occurredAt: .now, receivedAt: .now)
            }
            try await journal.append(try events.map { try JSONEncoder().encode($0) })
        }

        func stored() async throws -> [String] {
            let rows = try await TestServer.connect(url).query("SELECT event_id FROM kindred.events ORDER BY event_id")
            return try (0..<rows.rowCount).map { try rows.text($0, 0) }
        }

        /// With events written to the database for the time of `body`.
        func running(_ body: () async throws -> Void) async throws {
            let running = Task { await replay.run() }
            do {
                try await body()
            } catch {
                running.cancel()
                throw error
            }
            running.cancel()
            await running.value
        }
    }

    private func with(_ body: @Sendable (Fixture) async throws -> Void) async throws {
        try await StateFolder.with { state in
            try await TestServer.withDatabase { url in
                _ = try await Migrator(try await TestServer.connect(url)).migrate()
                let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                let journal = try Journal(.init(folder: state.path + "/events"), logger: logger)
                let replay = EventReplay(
                    journal: journal, database: .init(url: url), rejectedPath: state.rejected, logger: logger)
                try await body(Fixture(url: url, journal: journal, replay: replay, state: state))
                await journal.close()
            }
        }
    }

    @Test("an event the database refuses is set aside with the reason and holds up no other")
    func rejected() async throws {
        try await with { fixture in
            let good = (0..<300).map { "good-\($0)" }
            try await fixture.append(Array(good[..<100]))
            try await fixture.append(["bad-1"], value: 99)
            try await fixture.append(Array(good[100..<200]))
            try await fixture.append(["bad-2"], value: -1)
            try await fixture.journal.append([Data("no JSON".utf8)])
            try await fixture.append(Array(good[200...]))
            try await fixture.running {
                try await eventually("the journal is empty") { fixture.journal.status.pending == 0 }
            }
            #expect(try await fixture.stored() == good.sorted())
            let status = fixture.replay.status
            #expect(status.stored == 300 && status.rejected == 3 && status.duplicates == 0 && status.failure == nil)
            let lines = try String(contentsOfFile: fixture.state.rejected, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 3)
            #expect(lines[0].contains("\"event_id\":\"bad-1\"") && lines[0].contains("SQLSTATE 23514"))
            #expect(lines[1].contains("\"event_id\":\"bad-2\""))
            #expect(lines[2].contains("\"event\":\"no JSON\"") && lines[2].contains("SQLSTATE 22P02"))
        }
    }

    @Test("a batch that was stored but not confirmed is stored once")
    func repetition() async throws {
        try await with { fixture in
            let ids = (0..<50).map { "\($0)" }
            try await fixture.append(ids)
            // The same again: what a process finds that was killed between the commit and the confirmation.
            try await fixture.append(ids)
            try await fixture.running {
                try await eventually("the journal is empty") { fixture.journal.status.pending == 0 }
            }
            #expect(try await fixture.stored() == ids.sorted())
            #expect(fixture.replay.status.stored == 50 && fixture.replay.status.duplicates == 50)
        }
    }

    @Test("while the server is read-only events wait, the reason names the way out, and then they are stored")
    func readOnly() async throws {
        try await with { fixture in
            let name = try await TestServer.connect(fixture.url).query("SELECT current_database()::text").text(0, 0)
            try await TestServer.administer("ALTER DATABASE \(name) SET default_transaction_read_only = on")
            try await fixture.append(["a", "b"])
            try await fixture.running {
                try await eventually("the attempt fails") { fixture.replay.status.failure != nil }
                #expect(fixture.replay.status.failure?.contains("set database.write.url") == true)
                #expect(fixture.journal.status.pending == 2 && fixture.replay.status.oldestPending != nil)
                try await TestServer.administer("ALTER DATABASE \(name) RESET default_transaction_read_only")
                try await eventually("they are stored") { fixture.replay.status.stored == 2 }
                try await eventually("nothing waits") { fixture.replay.status.oldestPending == nil }
                #expect(fixture.replay.status.failure == nil)
            }
        }
    }

    @Test("a connection that the server ends costs no event")
    func lostConnection() async throws {
        try await with { fixture in
            try await fixture.running {
                for round in 0..<5 {
                    try await fixture.append(["\(round)-a"])
                    let goal = UInt64(2 * round + 1)
                    try await eventually("it is stored") { fixture.replay.status.stored >= goal }
                    try await TestServer.administer(
                        """
                        SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                        WHERE application_name = 'kindred-events'
                          AND datname = '\(try await name(of: fixture.url))'
                        """)
                    try await fixture.append(["\(round)-b"])
                    try await eventually("the next is stored") { fixture.replay.status.stored >= goal + 1 }
                }
            }
            #expect(try await fixture.stored() == (0..<5).flatMap { ["\($0)-a", "\($0)-b"] })
        }
    }

    private func name(of url: String) async throws -> String {
        try await TestServer.connect(url).query("SELECT current_database()::text").text(0, 0)
    }
}
