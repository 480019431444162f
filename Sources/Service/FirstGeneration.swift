import Foundation
import Logging
package import Postgres
package import Retrieval

/// What a service begins with: the active generation or, while the database cannot be reached, the snapshot on the disk.
struct FirstGeneration {
    /// Nil without a state folder.
    let file: SnapshotFile?
    private let configuration: ServiceConfiguration
    private let events: EventFollower
    private let logger: Logger
    private let checkSchema: @Sendable (Connection) async throws -> Void

    /// For a start that has nothing but the database.
    private static let patience = Duration.seconds(10)
    private static let pause = Duration.milliseconds(200)

    init(
        _ configuration: ServiceConfiguration, events: EventFollower, logger: Logger,
        checkSchema: @escaping @Sendable (Connection) async throws -> Void
    ) {
        self.configuration = configuration
        self.events = events
        self.logger = logger
        self.checkSchema = checkSchema
        file = configuration.stateFolder.map { SnapshotFile(folder: $0, catalogue: configuration.catalogue) }
    }

    /// A database that is there but has nothing to serve is an error, whatever is on the disk.
    func read() async throws -> Snapshot {
        guard let file else { return try await readDatabase(connectingUntil: .now + Self.patience) }
        let deadline = ContinuousClock.now + .milliseconds(configuration.databaseStartMilliseconds)
        while true {
            do {
                return try await readDatabase(connectingUntil: deadline)
            } catch let error as PostgresError where error.isUnavailable || error.code == .deadline {
                guard ContinuousClock.now + Self.pause < deadline else { return try read(file, since: error) }
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func readDatabase(connectingUntil deadline: ContinuousClock.Instant) async throws -> Snapshot {
        let connection = try await Connection.connect(configuration.connection("kindred-serve"), deadline: deadline)
        try await checkSchema(connection)
        let snapshot = try await SnapshotReader(connection).read(catalogue: configuration.catalogue)
        try await events.catchUp(on: connection, catalogueID: snapshot.generation.catalogueID)
        return snapshot
    }

    private func read(_ file: SnapshotFile, since outage: PostgresError) throws -> Snapshot {
        let snapshot: Snapshot
        do {
            snapshot = try file.read()
        } catch {
            throw NothingToServe(database: outage, snapshot: error)
        }
        logger.warning(
            "started from a snapshot: the database cannot be reached",
            metadata: [
                "error": "\(outage)", "file": "\(file.path)", "generation": "\(snapshot.generation.id)",
                "written": "\(snapshot.filedAt?.ISO8601Format() ?? "")",
            ])
        return snapshot
    }
}

/// The database cannot be reached, and there is no snapshot to start from.
package struct NothingToServe: Error, CustomStringConvertible {
    package let database: PostgresError
    package let snapshot: SnapshotFileError

    package var description: String {
        "the database cannot be reached (\(database)), and there is no start without it: \(snapshot)"
    }
}
