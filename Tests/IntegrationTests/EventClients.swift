import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

/// Clients that send events all the time, wherever the service is at the moment, and remember what was accepted.
final class EventClients: Sendable {
    private struct State {
        var base: String?
        var isOver = false
        var sent: Set<String> = []
        var accepted: Set<String> = []
        var unexpected: [String] = []
    }

    private let state = Mutex(State())
    private let movie: Int32

    init(movie: Int32) { self.movie = movie }

    /// Where to send; nil while there is no service.
    func aim(at base: String?) { state.withLock { $0.base = base } }

    var accepted: Int { state.withLock { $0.accepted.count } }

    /// Sends from four tasks while `body` runs.
    func sending(_ body: () async throws -> Void) async throws {
        let tasks = (0..<4).map { client in
            Task {
                var number = 0
                while !state.withLock({ $0.isOver }) {
                    await send((0..<(number % 7 + 1)).map { "\(client)/\(number)/\($0)" })
                    number += 1
                }
            }
        }
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        // Not by cancelling them: URLSession deadlocks when a request fails at the moment it is cancelled.
        state.withLock { $0.isOver = true }
        for task in tasks { await task.value }
        try outcome.get()
    }

    func waitForMore(_ count: Int) async throws {
        let goal = accepted + count
        try await eventually("\(count) more events are accepted") { self.accepted >= goal }
    }

    /// Every accepted event is stored exactly once, and nothing is that was not sent.
    func check(_ database: String) async throws {
        let rows = try await TestServer.connect(database).query(
            "SELECT event_id, session, item_id, value::float8 FROM kindred.events")
        var stored: [String] = []
        for row in 0..<rows.rowCount {
            let id = try rows.text(row, 0)
            stored.append(id)
            #expect(try rows.text(row, 1) == "session of \(id)")
            #expect(try rows.int32(row, 2) == movie && rows.double(row, 3) == 42)
        }
        let (sent, accepted, unexpected) = state.withLock { ($0.sent, $0.accepted, $0.unexpected) }
        #expect(Set(stored).count == stored.count)
        #expect(accepted.subtracting(stored).isEmpty, "accepted and lost")
        #expect(Set(stored).subtracting(sent).isEmpty, "stored and never sent")
        #expect(unexpected.isEmpty)
    }

    private func send(_ ids: [String]) async {
        guard let base = state.withLock({ $0.base }) else {
            try? await Task.sleep(for: .milliseconds(5))
            return
        }
        let events = ids.map {
            """
            {"event_id":"\($0)","session":"session of \($0)","movie_id":\(movie),"kind":"watched","value":42}
            """
        }
        state.withLock { $0.sent.formUnion(ids) }
        // A service that was killed answers nothing; then nobody knows what became of the events.
        guard
            let reply = try? await RunningService.send(
                "POST", base + "/v1/events", headers: ["Content-Type": "text/plain"],
                body: Data("{\"events\":[\(events.joined(separator: ","))]}".utf8))
        else { return }
        state.withLock { state in
            if reply.status == 202 { state.accepted.formUnion(ids) } else { state.unexpected.append(reply.text) }
        }
    }
}
