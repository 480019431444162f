import Events
import Foundation
import HTTPTypes
import Hummingbird
import Journal
import NIOCore
import Retrieval

/// `POST /v1/events`: what users did. Answered once the events are in the journal, on the disk.
struct EventRoutes {
    private static let maximumBytes = 1 << 20
    /// A page that is being left sends text/plain: navigator.sendBeacon asks no server's leave for it.
    static let types = ["application/json", "text/plain"]

    /// Nil when the service has no folder to keep one in.
    let journal: Journal?
    /// What is served now.
    let snapshot: @Sendable () -> Snapshot
    /// Where the next recommendation looks for what has just happened.
    let histories: RecentHistories
    let metrics: EventMetrics

    private struct Accepted: Encodable {
        let accepted: Int
    }

    func add(to router: Router<ServiceContext>) {
        router.on(Operations.events) { request, context, _ in
            // A thousand events take longer than an event loop should be away from its other connections.
            let count = try await withTaskExecutorPreference(globalConcurrentExecutor) {
                try await accept(request, requestID: context.requestID)
            }
            return Response(
                status: .accepted, headers: [.contentType: "application/json; charset=utf-8"],
                body: .init(byteBuffer: try JSONBody.encode(Accepted(accepted: count))))
        }
    }

    /// Returns how many events are on the disk.
    private func accept(_ request: Request, requestID: String) async throws -> Int {
        guard let journal else {
            throw Problem.unavailable("events are not kept here: set KINDRED_STATE to a folder of this service's own")
        }
        let events: [Event]
        do {
            let body = try await RequestBody.json(
                of: request, upTo: Self.maximumBytes, types: Self.types, advice: "send the events in several")
            events = try self.events(in: body, requestID: requestID)
        } catch let problem as Problem {
            metrics.recordInvalidRequest()
            throw problem
        }
        do {
            try await journal.append(try events.map { try JSONBody.bytes(of: $0) })
        } catch let error as JournalError {
            metrics.recordUnavailable(events.count)
            throw Problem.unavailable("no event of this request was kept: \(error.reason)", retryAfter: 5)
        }
        histories.record(events.map(\.deed))
        metrics.recordAccepted(events.count)
        return events.count
    }

    private func events(in body: Data, requestID: String) throws -> [Event] {
        let sent = try EventList(json: body)
        guard sent.events.count <= EventList.mostEvents else {
            throw Problem(
                kind: .request, status: 413, title: "Content too large",
                detail: "a request holds at most \(EventList.mostEvents) events, not \(sent.events.count)",
                field: "events")
        }
        let snapshot = snapshot()
        let now = Timestamp.now
        return try sent.events.enumerated().map { index, event in
            try event.checked(
                at: sent.isList ? "events[\(index)]." : "", snapshot: snapshot, requestID: requestID, receivedAt: now)
        }
    }
}

extension Event {
    fileprivate var deed: RecentHistories.Deed {
        RecentHistories.Deed(
            userID.map(Person.user) ?? .session(session ?? ""), itemID,
            Opinion(eventKind: kind.rawValue, value: value.map { Float($0) }), occurredAt: occurredAt.microseconds)
    }
}
