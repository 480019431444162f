import Postgres

/// A database, asked as an analyst asks it.
struct DatabaseSource: RecommendationSource {
    private static let statement = Statement(
        "recommend", "SELECT movie_id FROM kindred.recommend($1, $2) ORDER BY rank")

    let name = "the database"
    private let connection: Connection

    /// - Parameters:
    ///   - url: a libpq URL.
    ///   - exact: compare with every vector instead of searching the index.
    init(_ url: String, exact: Bool) async throws {
        // Planner settings only; what a function sets for itself stays.
        let settings = exact ? ["SET enable_indexscan = off"] : []
        do {
            connection = try await Connection.connect(
                ConnectionConfiguration(url: url, applicationName: "kindred-train", sessionStatements: settings),
                deadline: .now + .seconds(10))
        } catch let error as PostgresError {
            throw Failure(.unavailable, "the database cannot be reached: \(error)")
        }
    }

    func recommendations(for user: Int32, k: Int) async throws -> [Int32] {
        do {
            let rows = try await connection.query(DatabaseSource.statement, [.int32(user), .int32(Int32(k))])
            return try (0..<rows.rowCount).map { try rows.int32($0, 0) }
        } catch let error as PostgresError {
            throw Failure(.unavailable, "the database cannot recommend: \(error)")
        }
    }
}
