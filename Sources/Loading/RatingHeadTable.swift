import ModelBundle
import Postgres

/// The rating heads of all generations: `kindred.rating_heads`.
struct RatingHeadTable {
    /// PostgreSQL takes no message and keeps no value of a gibibyte.
    private static let largest = 1_000_000_000

    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    /// Writes the bundle's head, if it has one, unless the generation has it already; returns whether it was written.
    func write(_ bundle: ModelBundle, generation: Int) async throws -> Bool {
        guard let head = bundle.ratingHead, try await !holds(generation) else { return false }
        let stored = try StoredRatingHead(head)
        let bytes = stored.items.bytes.count + stored.neighbors.bytes.count
        guard bytes <= Self.largest else { throw LoadingError.ratingHeadTooLarge(bytes: bytes) }
        let rows = try await connection.copyIn(
            """
            COPY kindred.rating_heads (generation_id, constants, items, items_sha256, neighbors, neighbors_sha256)
            FROM STDIN (FORMAT binary)
            """
        ) { copy in
            try await copy.row(columns: 6) { writer in
                writer.int32(Int32(generation))
                writer.jsonb(stored.constants)
                writer.bytea(stored.items.bytes)
                writer.text(stored.items.sha256)
                writer.bytea(stored.neighbors.bytes)
                writer.text(stored.neighbors.sha256)
            }
        }
        guard rows == 1 else { throw LoadingError.countMismatch(what: "rating heads", expected: 1, found: rows) }
        return true
    }

    /// A generation that failed has lost its vectors; its head would be of no use.
    func remove(generation: Int) async throws {
        _ = try await connection.query(
            "DELETE FROM kindred.rating_heads WHERE generation_id = $1", [.int32(Int32(generation))])
    }

    private func holds(_ generation: Int) async throws -> Bool {
        try await connection.query(
            "SELECT EXISTS (SELECT FROM kindred.rating_heads WHERE generation_id = $1)", [.int32(Int32(generation))]
        ).bool(0, 0)
    }
}
