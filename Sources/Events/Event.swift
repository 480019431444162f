/// Something a user did with an item, as the journal keeps it and the database stores it.
package struct Event: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case viewed
        /// The value is stars, 0.5 to 5.
        case rated
        /// The value is seconds, 0 to 86,400.
        case watched
    }

    /// Made by the client, unique within the catalogue.
    package let eventID: String
    package let catalogueID: Int32
    /// Either a user or a session, never both.
    package let userID: Int32?
    package let session: String?
    package let itemID: Int32
    package let kind: Kind
    package let value: Double?
    /// What was served when the event came.
    package let generationID: Int32
    package let requestID: String
    package let occurredAt: Timestamp
    package let receivedAt: Timestamp

    /// A journal outlives the program that wrote it: a name is never given another meaning.
    private enum CodingKeys: String, CodingKey {
        case eventID = "event_id"
        case catalogueID = "catalogue_id"
        case userID = "user_id"
        case session
        case itemID = "item_id"
        case kind
        case value
        case generationID = "generation_id"
        case requestID = "request_id"
        case occurredAt = "occurred_us"
        case receivedAt = "received_us"
    }

    package init(
        eventID: String, catalogueID: Int32, userID: Int32?, session: String?, itemID: Int32, kind: Kind,
        value: Double?, generationID: Int32, requestID: String, occurredAt: Timestamp, receivedAt: Timestamp
    ) {
        self.eventID = eventID
        self.catalogueID = catalogueID
        self.userID = userID
        self.session = session
        self.itemID = itemID
        self.kind = kind
        self.value = value
        self.generationID = generationID
        self.requestID = requestID
        self.occurredAt = occurredAt
        self.receivedAt = receivedAt
    }
}
