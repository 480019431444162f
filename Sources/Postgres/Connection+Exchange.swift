import CPostgres

/// A statement and its reply without a task that drives them: sent at once, then read piece by piece by whoever is told
/// that the socket is ready.
extension Connection {
    /// Whether the statement can be sent as it is: prepared here, and its settings in force.
    func canSend(_ statement: Statement, settings: [Setting]) -> Bool {
        isIdle && prepared.contains(statement.name)
            && settings.allSatisfy { $0.scope == .session && sessionSettings[$0.name] == $0.value }
    }

    /// Sends a statement that ``canSend(_:settings:)``; its reply is what ``readOn(_:)`` reads.
    ///
    /// - Returns: what to wait for.
    func sendAtOnce(_ statement: Statement, _ parameters: [Parameter]) throws -> EventPoller.Interest {
        try send(statement, parameters)
        hasUnreadResults = true
        return try flushAtOnce()
    }

    enum Progress {
        case waiting(for: EventPoller.Interest)
        case finished(Result<QueryResult, any Error>)
    }

    /// Takes what has arrived, without waiting for more.
    func readOn(_ reply: inout Reply) -> Progress {
        do {
            guard PQconsumeInput(handle) == 1 else { throw PostgresError(.connection, lastMessage) }
            let interest = try flushAtOnce()
            while PQisBusy(handle) == 0 {
                guard let result = PQgetResult(handle) else {
                    guard let last = try finished(reply) else {
                        throw PostgresError(.protocolViolation, "the statement gave no result")
                    }
                    return .finished(.success(last))
                }
                take(result, into: &reply)
                if isBroken { _ = try finished(reply) }
            }
            return .waiting(for: interest)
        } catch {
            return .finished(.failure(error))
        }
    }

    private func flushAtOnce() throws -> EventPoller.Interest {
        switch PQflush(handle) {
        case 0: return .read
        case 1: return .readOrWrite
        default: throw PostgresError(.connection, lastMessage)
        }
    }
}
