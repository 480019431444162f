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
        for setting in settings {
            let parameters: [Parameter] = [
                .text(setting.name), .text(setting.value), .bool(setting.scope == .statement),
            ]
            try withBinary(parameters) { values, lengths, formats in
                try check(
                    PQsendQueryParams(
                        handle, "SELECT set_config($1, $2, $3)", 3, parameters.map(\.oid), values, lengths,
                        formats, 1))
            }
        }
        try send()
        try check(PQpipelineSync(handle))
        return try await readPipeline(until: deadline)
    }

    /// Reads to the synchronisation point: the first error wins, else the last statement's result is returned.
    func readPipeline(until deadline: ContinuousClock.Instant?) async throws -> QueryResult {
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
        hasUnreadResults = false
        if isBroken { throw PostgresError(.connection, lastMessage) }
        try check(PQexitPipelineMode(handle))
        if let failure { throw failure }
        guard let last else { throw PostgresError(.protocolViolation, "the pipeline gave no result") }
        return last
    }
}
