import Postgres
import Retrieval

/// The statement that both clients run, what is set before it is prepared, and the vectors it is asked with.
struct Search: Sendable {
    let url: String
    let sessionStatements: [String]
    let statement: Statement
    let vectors: [[Float]]

    /// - Throws: when the database cannot be reached or has no active generation.
    static func read(url: String) async throws -> Search {
        let connection = try await Connection.connect(ConnectionConfiguration(url: url))
        let generation = try await ActiveGeneration.read(catalogue: "movies", on: connection)
        let table = "kindred.item_vectors_g\(generation.id)"
        let stored = try await connection.query(
            "SELECT similarity FROM \(table) WHERE similarity IS NOT NULL ORDER BY item_id")
        return Search(
            url: url, sessionStatements: SearchSettings().sessionStatements,
            statement: Statement(
                "similar_16",
                "SELECT item_id FROM \(table) ORDER BY similarity OPERATOR(public.<->) $1::public.vector LIMIT 16"),
            vectors: try (0..<stored.rowCount).map { try stored.withBytes($0, 0, decode) })
    }

    /// pgvector's binary form: a length and an unused number of two bytes each, then big-endian floats.
    private static func decode(_ bytes: UnsafeRawBufferPointer) -> [Float] {
        stride(from: 4, to: bytes.count, by: 4).map { offset in
            Float(bitPattern: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
    }
}
