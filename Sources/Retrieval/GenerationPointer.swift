import Postgres

/// A catalogue's pointer to its active generation, as one connection sees it.
struct GenerationPointer {
    /// `kindred.activate_generation` notifies it of the catalogue's name.
    private static let channel = "kindred_activation"
    /// A server that does not answer so small a question for so long is taken for gone.
    private static let patience = Duration.seconds(10)

    let connection: Connection
    let catalogue: String

    /// Of the row of `kindred.catalogues` that a statement is about.
    static let erasedAt = """
        coalesce((SELECT (extract(epoch FROM max(x.erased_at)) * 1000000)::bigint FROM kindred.erasures x
                  WHERE x.catalogue_id = catalogues.id), 0)
        """

    /// Asks for a notification whenever the pointer moves. A standby refuses.
    func listen() async throws {
        try await connection.execute("LISTEN \(Self.channel)", deadline: .now + Self.patience)
    }

    struct Target {
        let generation: Int
        /// When its searches were measured, in seconds since 1970; nil where they were not.
        let calibratedAt: Double?
        /// When a user of the catalogue was last erased, in microseconds since 1970; 0 for never.
        let erasedAt: Int64
    }

    /// What it names; nil for nothing.
    func read() async throws -> Target? {
        let result = try await connection.query(
            """
            SELECT active_generation,
                   (SELECT extract(epoch FROM max(measured_at))::float8 FROM kindred.calibrations
                    WHERE generation_id = active_generation),
                   \(Self.erasedAt)
            FROM kindred.catalogues WHERE name = $1 AND active_generation IS NOT NULL
            """, [.text(catalogue)], deadline: .now + Self.patience)
        guard result.rowCount == 1 else { return nil }
        return Target(
            generation: Int(try result.int32(0, 0)),
            calibratedAt: result.isNull(0, 1) ? nil : try result.double(0, 1), erasedAt: try result.int64(0, 2))
    }

    /// Returns at the deadline, or sooner when a notification says that the pointer has moved.
    func wait(until deadline: ContinuousClock.Instant) async throws {
        while let notification = try await connection.notification(until: deadline) {
            if notification.channel == Self.channel, notification.payload == catalogue { return }
        }
    }
}
