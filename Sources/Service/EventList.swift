import Events
import Foundation

/// A body of `POST /v1/events`: one event, or `{"events": […]}`.
struct EventList: Decodable {
    static let mostEvents = 1000
    /// Ids that clients make.
    static let session = Schema.text(from: 1, to: 64, pattern: "^[ -~]+$")

    private static let event = Schema.object(
        [
            "event_id": session.saying("The client's own; an event that comes again counts once."), "movie_id": .id,
            "kind": .oneOf(Event.Kind.allCases.map(\.rawValue)),
        ],
        optional: [
            "user_id": Schema.id.orNull,
            "session": session.orNull.saying("The client's own id of somebody without one."),
            "value": Schema.number.orNull.saying("Stars of `rated`, seconds of `watched`; none of `viewed`."),
            "occurred_at": Schema.text.orNull.saying("RFC 3339; now where it is not given."),
        ])
    static let schema = Schema.any(of: [event, .object(["events": .list(of: event, from: 1, to: mostEvents)])])

    let events: [SentEvent]
    let isList: Bool

    /// - Throws: ``Problem`` that names the field.
    init(json: Data) throws {
        self = try JSONBody.decode(EventList.self, from: json)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldName.self)
        isList = container.contains("events")
        guard isList else {
            events = [try SentEvent(from: decoder)]
            return
        }
        if let unknown = container.allKeys.first(where: { $0.stringValue != "events" }) {
            throw Problem.unknownParameter(unknown.stringValue, known: ["events"])
        }
        events = try container.decode([SentEvent].self, forKey: "events")
        guard !events.isEmpty else { throw Problem.invalidParameter("events", "'events' has no event") }
    }
}
