import CPostgres

extension Connection {
    var isPipelined: Bool { PQpipelineStatus(handle) != PQ_PIPELINE_OFF }

    /// Sends settings and one statement together.
    ///
    /// What comes before a synchronisation point is one implicit transaction, and a statement's own setting ends with it:
    /// neither `BEGIN` nor a reset is needed.
    ///
    /// - Parameter send: sends the statement.
    func pipelined(
        _ settings: [Setting], until deadline: ContinuousClock.Instant?, send: () throws -> Void
    ) async throws -> QueryResult {
        try check(PQenterPipelineMode(handle))
        hasUnreadResults = true
        for setting in settings { try self.send(setting) }
        try send()
        try check(PQpipelineSync(handle))
        return try await readPipeline(until: deadline)
    }

    private func send(_ setting: Setting) throws {
        let parameters: [Parameter] = [
            .text(setting.name), .text(setting.value), .bool(setting.scope == .statement),
        ]
        try withBinary(parameters) { values, lengths, formats in
            try check(
                PQsendQueryParams(
                    handle, "SELECT set_config($1, $2, $3)", 3, parameters.map(\.oid), values, lengths, formats, 1))
        }
    }

    /// Reads to the synchronisation point and ends the pipeline.
    func readPipeline(until deadline: ContinuousClock.Instant?) async throws -> QueryResult {
        let result = try await readToSynchronization(until: deadline)
        hasUnreadResults = false
        try check(PQexitPipelineMode(handle))
        return try result.get()
    }

    /// One of several statements that are sent together.
    package struct Query: Sendable {
        package let statement: Statement
        package let parameters: [Parameter]
        package let settings: [Setting]

        package init(_ statement: Statement, _ parameters: [Parameter], settings: [Setting] = []) {
            self.statement = statement
            self.parameters = parameters
            self.settings = settings
        }
    }

    /// Runs statements in one round trip, and one more for each that this connection has not prepared yet. Each is a
    /// transaction of its own: one that fails leaves the others alone.
    ///
    /// - Returns: a result for each query.
    /// - Throws: when the connection is lost or the deadline passes.
    package func query(
        _ queries: [Query], deadline: ContinuousClock.Instant? = nil
    ) async throws -> [Result<QueryResult, PostgresError>] {
        for query in queries { try await prepare(query.statement, query.parameters, deadline: deadline) }
        try check(PQenterPipelineMode(handle))
        hasUnreadResults = true
        // What a setting is after a statement that failed, nobody knows.
        var session = sessionSettings
        for query in queries {
            for setting in query.settings where setting.scope == .statement || session[setting.name] != setting.value {
                if setting.scope == .session {
                    session[setting.name] = setting.value
                    sessionSettings[setting.name] = nil
                }
                try send(setting)
            }
            try send(query.statement, query.parameters)
            try check(PQpipelineSync(handle))
        }
        var results: [Result<QueryResult, PostgresError>] = []
        for _ in queries { results.append(try await readToSynchronization(until: deadline)) }
        hasUnreadResults = false
        try check(PQexitPipelineMode(handle))
        if results.allSatisfy({ (try? $0.get()) != nil }) { sessionSettings = session }
        return results
    }

    /// The first error wins, else the last statement's result is returned.
    private func readToSynchronization(
        until deadline: ContinuousClock.Instant?
    ) async throws -> Result<QueryResult, PostgresError> {
        var last: QueryResult?
        var failure: PostgresError?
        reading: while !isBroken {
            // A nil ends one statement's results, not the pipeline's.
            guard let result = try await nextResult(until: deadline) else { continue }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
                last = QueryResult(result)
            case PGRES_PIPELINE_SYNC:
                PQclear(result)
                break reading
            case PGRES_PIPELINE_ABORTED:
                PQclear(result)
            default:
                failure = failure ?? serverError(result)
                PQclear(result)
            }
        }
        if isBroken { throw PostgresError(.connection, lastMessage) }
        if let failure { return .failure(failure) }
        guard let last else { throw PostgresError(.protocolViolation, "the pipeline gave no result") }
        return .success(last)
    }
}
