import Foundation

/// A body of `POST /v1/events`: one event, or `{"events": […]}`.
struct EventList: Decodable {
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
