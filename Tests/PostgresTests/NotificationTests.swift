import Foundation
import Postgres
import TestSupport
import Testing

@Suite struct NotificationTests {
    private func connect() async throws -> Connection { try await TestServer.connect(try TestServer.url()) }

    /// Suites share a server, and its channels.
    private func newChannel() -> String { "test_" + UUID().uuidString.lowercased().replacing("-", with: "") }

    @Test("a notification wakes whoever waits for it, with its channel and payload")
    func wakes() async throws {
        let (listener, channel) = (try await connect(), newChannel())
        try await listener.execute("LISTEN \(channel)")
        let waiting = Task { try await listener.notification(until: .now + .seconds(60)) }
        _ = try await connect().query("SELECT pg_notify($1, $2)::text", [.text(channel), .text("naïve")])
        let heard = try #require(try await waiting.value)
        #expect(heard.channel == channel && heard.payload == "naïve")
    }

    @Test("notifications that came with another answer are kept, in order")
    func kept() async throws {
        let (listener, channel) = (try await connect(), newChannel())
        try await listener.execute("LISTEN \(channel)")
        let speaker = try await connect()
        for word in ["one", "two", "three"] { try await speaker.execute("NOTIFY \(channel), '\(word)'") }
        #expect(try await listener.query("SELECT 5::integer").int32(0, 0) == 5)
        for word in ["one", "two", "three"] {
            #expect(try await listener.notification(until: .now + .seconds(60))?.payload == word)
        }
    }

    @Test("the deadline ends the wait, and the connection goes on")
    func deadline() async throws {
        let (listener, channel) = (try await connect(), newChannel())
        try await listener.execute("LISTEN \(channel)")
        #expect(try await listener.notification(until: .now + .milliseconds(50)) == nil)
        #expect(listener.isIdle)
        try await connect().execute("NOTIFY \(channel)")
        #expect(try await listener.notification(until: .now + .seconds(60)) != nil)
    }

    @Test("a server that ends the session ends the wait at once")
    func broken() async throws {
        let listener = try await connect()
        let pid = try await listener.query("SELECT pg_backend_pid()").int32(0, 0)
        let waiting = Task { try await listener.notification(until: .now + .seconds(600)) }
        _ = try await connect().query("SELECT pg_terminate_backend(\(pid), 60000)")
        await #expect {
            _ = try await waiting.value
        } throws: { ($0 as? PostgresError)?.code == .connection }
    }

    @Test("cancellation ends the wait")
    func cancelled() async throws {
        let listener = try await connect()
        let waiting = Task { try await listener.notification(until: .now + .seconds(600)) }
        waiting.cancel()
        await #expect { _ = try await waiting.value } throws: { ($0 as? PostgresError)?.code == .cancelled }
    }

    @Test("a statement that was forgotten is gone from the server, and is prepared again when it is wanted")
    func forgotten() async throws {
        let connection = try await connect()
        let (one, two) = (Statement("one", "SELECT 1::integer"), Statement("two", "SELECT 2::integer"))
        for statement in [one, two] { _ = try await connection.query(statement) }
        try await connection.deallocate { $0 == "one" }
        let names = try await connection.query("SELECT string_agg(name, ' ') FROM pg_prepared_statements").text(0, 0)
        #expect(names == "two")
        #expect(try await connection.query(one).int32(0, 0) == 1)
        #expect(try await connection.query(two).int32(0, 0) == 2)
    }
}
