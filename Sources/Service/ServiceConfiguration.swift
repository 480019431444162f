import Postgres
package import Retrieval

/// Everything the service can be told. The keys are those of its flags, environment variables and settings file.
package struct ServiceConfiguration: Sendable {
    /// `host`: address to listen on. Default 127.0.0.1.
    package var host = "127.0.0.1"
    /// `port`: TCP port; 0 lets the system choose. Default 8080.
    package var port = 8080
    /// `catalogue`: whose active generation is served. Default movies.
    package var catalogue = "movies"
    /// `database.url`: libpq URL of the database. A secret when it holds a password. Required.
    package var databaseURL: String
    /// `database.write.url`: libpq URL of the database that events are written to, where reads go to a standby. A secret
    /// when it holds a password. Default: `database.url`.
    package var databaseWriteURL: String?
    /// `database.password.file`: file that holds the password of both, read for every new connection. Default none.
    package var databasePasswordFile: String?
    /// `state`: folder for what must outlive the process, the event journal and the snapshot; one service at a time uses
    /// it. Default none: events are refused, and there is no start without the database.
    package var stateFolder: String?
    /// `journal.bytes`: most bytes that events which wait for the database may take on the disk, 1 MiB to 1 TiB; beyond
    /// it events are refused. Default 1 GiB.
    package var journalBytes = 1 << 30
    /// `database.start.ms`: time for which a start tries to reach the database before it takes the snapshot in the state
    /// folder, in milliseconds. Default 3000.
    package var databaseStartMilliseconds = 3000
    /// `database.connections`: connections kept open, 1 to 200. Default 4.
    package var connections = 4
    /// `database.queue`: requests that may wait for a connection, 0 to 100,000. Default 256.
    package var queue = 256
    /// `http.connections`: connections of clients at a time, 1 to 100,000; further ones wait to be accepted. Default 4096.
    package var httpConnections = 4096
    /// `cache.entries`: most answers cached, 0 turns the cache off. Default 10,000.
    package var cacheEntries = 10_000
    /// `cache.bytes`: most bytes cached answers may take. Default 64 MiB.
    package var cacheBytes = 64 << 20
    /// `deadline.ms`: time a request may wait for the database before memory answers, in milliseconds; a request
    /// shortens it with `X-Deadline-Ms`. Default 500.
    package var deadlineMilliseconds = 500
    /// `generation.poll.ms`: the longest an activation goes unnoticed where the database cannot notify, in milliseconds.
    /// Default 1000.
    package var generationPollMilliseconds = 1000
    /// `plan.audit.seconds`: time between two audits of the plans, in seconds; 0 turns them off. Default 60.
    package var planAuditSeconds = 60
    /// `recall.sample`: share of the index's answers that are compared with an exact scan, 0 to 1; 0 for none.
    /// Default 0.01.
    package var recallSample = 0.01
    /// Keys, origins and rates.
    package var access = AccessConfiguration()
    /// Times and sizes.
    package var limits = ConnectionLimits()
    /// `ef.search`, `probes`, `oversampling`, `statement.timeout.ms`.
    package var search = SearchSettings()

    package init(databaseURL: String) { self.databaseURL = databaseURL }

    func connection(_ name: String, session: [String] = []) -> ConnectionConfiguration {
        ConnectionConfiguration(
            url: databaseURL, passwordFile: databasePasswordFile, applicationName: name, sessionStatements: session)
    }

    /// Where events are written.
    var events: ConnectionConfiguration {
        var configuration = connection("kindred-events")
        configuration.url = databaseWriteURL ?? databaseURL
        return configuration
    }

    var pool: Pool.Configuration {
        Pool.Configuration(
            connection: connection("kindred-serve", session: search.sessionStatements),
            size: connections, maximumWaiters: queue)
    }

    /// Nil for none.
    var planAudit: PlanAuditor.Configuration? {
        guard planAuditSeconds > 0 else { return nil }
        return PlanAuditor.Configuration(
            connection: connection("kindred-audit", session: search.sessionStatements),
            interval: .seconds(planAuditSeconds))
    }

    var watcher: GenerationWatcher.Configuration {
        GenerationWatcher.Configuration(
            connection: connection("kindred-watch", session: search.plannerStatements),
            catalogue: catalogue, pollInterval: .milliseconds(generationPollMilliseconds))
    }
}
