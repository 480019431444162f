import Events
import Foundation
import Retrieval

/// An event as a client sends it: of the right types, but not yet checked.
struct SentEvent: Decodable {
    private static let fields = [
        "event_id", "user_id", "session", "movie_id", "kind", "value", "occurred_at",
    ]
    /// How far ahead of ours a client's clock may be.
    private static let tolerance = Int64(86_400) * 1_000_000

    private let eventID: String
    private let userID: Int32?
    private let session: String?
    private let movieID: Int32
    private let kind: String
    private let value: Double?
    private let occurredAt: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldName.self)
        try container.refuseUnknown(Self.fields)
        eventID = try container.value("event_id")
        userID = try container.valueIfPresent("user_id")
        session = try container.valueIfPresent("session")
        movieID = try container.value("movie_id")
        kind = try container.value("kind")
        value = try container.valueIfPresent("value")
        occurredAt = try container.valueIfPresent("occurred_at")
    }

    /// The event to keep.
    ///
    /// - Parameter path: what stands before a field's name in a problem.
    func checked(
        at path: String, snapshot: Snapshot, requestID: String, receivedAt: Timestamp
    ) throws -> Event {
        func refuse(_ field: String, _ reason: String) -> Problem {
            .invalidParameter(path + field, "'\(path)\(field)' \(reason)")
        }
        for (field, text) in [("event_id", eventID), ("session", session ?? "none")] {
            guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
                throw refuse(field, "must be 1 to 64 printable ASCII characters")
            }
        }
        guard (userID == nil) != (session == nil) else {
            throw refuse("user_id", "or 'session' must be given, and not both")
        }
        guard userID.map({ $0 >= 1 }) ?? true else {
            throw refuse("user_id", "must be a whole number from 1 to \(Int32.max)")
        }
        guard (try? snapshot.item(movieID)) != nil else {
            throw refuse("movie_id", "must be a movie's; there is no movie \(movieID)")
        }
        guard let kind = Event.Kind(rawValue: kind) else {
            let kinds = Event.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw refuse("kind", "must be one of \(kinds), not '\(kind)'")
        }
        if let reason = Self.misfit(value, of: kind) { throw refuse("value", reason) }
        return Event(
            eventID: eventID, catalogueID: snapshot.generation.catalogueID, userID: userID, session: session,
            itemID: movieID, kind: kind, value: value, generationID: Int32(snapshot.generation.id),
            requestID: requestID, occurredAt: try occurred(receivedAt, refuse), receivedAt: receivedAt)
    }

    private static func misfit(_ value: Double?, of kind: Event.Kind) -> String? {
        switch kind {
        case .viewed: value == nil ? nil : "must not be given when 'kind' is viewed"
        case .rated: value.map((0.5...5).contains) ?? false ? nil : "must be stars from 0.5 to 5"
        case .watched: value.map((0...86_400).contains) ?? false ? nil : "must be seconds from 0 to 86400"
        }
    }

    private func occurred(_ receivedAt: Timestamp, _ refuse: (String, String) -> Problem) throws -> Timestamp {
        guard let occurredAt else { return receivedAt }
        guard let time = Timestamp(rfc3339: occurredAt) else {
            throw refuse("occurred_at", "must be a time such as 2026-11-21T17:30:00Z, not '\(occurredAt)'")
        }
        guard time.microseconds >= 0, time.microseconds <= receivedAt.microseconds + Self.tolerance else {
            throw refuse("occurred_at", "must be between 1970 and tomorrow, not '\(occurredAt)'")
        }
        return time
    }
}
