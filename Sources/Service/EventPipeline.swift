import Events
import Foundation
import Journal
import Logging
import Retrieval
import ServiceLifecycle
import Telemetry

/// The event journal and what carries its events to the database.
struct EventPipeline: Service {
    let journal: Journal
    private let replay: EventReplay

    /// Nil when no state folder is configured.
    init?(_ configuration: ServiceConfiguration, logger: Logger) throws(JournalError) {
        guard let state = configuration.stateFolder else { return nil }
        let folder = URL(fileURLWithPath: state).appending(path: "events").path
        var settings = Journal.Configuration(folder: folder)
        settings.maximumBytes = configuration.journalBytes
        journal = try Journal(settings, logger: logger)
        replay = EventReplay(
            journal: journal, database: configuration.events, rejectedPath: folder + "/rejected.jsonl", logger: logger)
    }

    /// What is left when it ends is stored by the next process with this folder.
    func run() async throws {
        await cancelWhenGracefulShutdown { await replay.run() }
        await journal.close()
    }

    /// Takes a user's events out of the state folder, as far as they are not on their way to the database, which knows
    /// what to do with them; returns how many.
    func forget(user: Int32, catalogueID: Int32) async throws -> Int {
        try await journal.endSegment()
        return try await replay.forgetRejected(user: user, catalogueID: catalogueID)
    }

    /// Why events are refused or wait, for people.
    var concerns: [String] {
        let journal = journal.status
        var concerns: [String] = []
        if let failure = journal.failure { concerns.append("events are refused: \(failure.reason)") }
        // The log has the reason; it may name hosts.
        if replay.status.failure != nil {
            concerns.append("events wait in the journal (\(journal.pending)): the database does not take them")
        }
        return concerns
    }

    /// Numbers that are kept elsewhere and read at each scrape.
    func registerReadings(in registry: Registry) {
        registry.counter(name: MetricName.eventsStored, help: "Events written to the database.") {
            replay.status.stored
        }
        registry.counter(name: MetricName.eventsDuplicate, help: "Events that the database had already.") {
            replay.status.duplicates
        }
        registry.counter(
            name: MetricName.eventsRejected, help: "Accepted events that the database refused; see rejected.jsonl."
        ) { replay.status.rejected }
        registry.gauge(name: MetricName.journalPending, help: "Accepted events that wait for the database.") {
            Double(journal.status.pending)
        }
        registry.gauge(name: MetricName.journalOldestPending, help: "Age of the event that waits longest.") {
            replay.status.oldestPending.map { max(0, Timestamp.now.secondsSince1970 - $0.secondsSince1970) } ?? 0
        }
        registry.gauge(name: MetricName.journalBytes, help: "Size of the event journal.") {
            Double(journal.status.bytes)
        }
    }
}
