/// Something that runs the search on one of a few connections.
protocol SearchClient: Sendable {
    var name: String { get }

    /// The ids of the nearest items.
    ///
    /// - Throws: ``Refused`` when too many wait already, or the database's error.
    func search(_ vector: [Float]) async throws -> [Int32]
}

/// The queue for a connection is full.
struct Refused: Error {}
