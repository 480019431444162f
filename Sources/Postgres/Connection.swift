import CPostgres
import Foundation

/// One connection to PostgreSQL through non-blocking libpq.
///
/// One statement is in flight at a time, because a backend is serial. The task that leased the connection drives it,
/// woken by ``EventPoller``; or ``Pool`` sends a single statement and the poller's thread reads its reply.
/// `@unchecked Sendable` holds because one of them uses it at a time: ``Pool`` lends it to one task or to one statement,
/// and a connection made without a pool belongs to the task that made it.
package final class Connection: @unchecked Sendable {
    let handle: OpaquePointer
    private let notices = NoticeBox()
    private let poller = EventPoller.shared
    /// Names of the statements that the server has prepared here.
    var prepared: Set<String> = []
    /// What ``Setting/Scope/session`` settings were set to last; one whose setting failed is missing.
    var sessionSettings: [String: String] = [:]
    /// Replies read to their end, good or bad.
    private(set) var finishedStatements = 0
    /// Set when a statement was left before its results were read (deadline, cancellation).
    var hasUnreadResults = false

    private init(handle: OpaquePointer) {
        self.handle = handle
        notices.attach(to: handle)
    }

    deinit { PQfinish(handle) }

    /// Connects, then runs the configuration's session statements.
    ///
    /// A host name is resolved by the C library and may block the thread for as long as that takes.
    package static func connect(
        _ configuration: ConnectionConfiguration, deadline: ContinuousClock.Instant? = nil
    ) async throws -> Connection {
        let connection = try Connection(handle: start(configuration))
        try await connection.finishConnecting(until: deadline)
        for statement in configuration.sessionStatements {
            try await connection.execute(statement, deadline: deadline)
        }
        return connection
    }

    private static func start(_ configuration: ConnectionConfiguration) throws -> OpaquePointer {
        var parameters = [
            ("dbname", configuration.url), ("client_encoding", "UTF8"),
            ("fallback_application_name", configuration.applicationName),
        ]
        // What comes after the URL wins over what is in it.
        if let password = try configuration.password() { parameters.append(("password", password)) }
        let keywords = parameters.map { strdup($0.0) }
        let values = parameters.map { strdup($0.1) }
        defer { (keywords + values).forEach { free($0) } }
        let handle = PQconnectStartParams(
            keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
        guard let handle else { throw PostgresError(.connection, "libpq could not allocate a connection") }
        guard PQstatus(handle) != CONNECTION_BAD else {
            defer { PQfinish(handle) }
            throw PostgresError(.connection, lastMessage(handle))
        }
        return handle
    }

    private func finishConnecting(until deadline: ContinuousClock.Instant?) async throws {
        // libpq asks to wait for writing before the first poll.
        var interest = EventPoller.Interest.write
        while true {
            try await ready(for: interest, until: deadline, while: "connecting")
            switch PQconnectPoll(handle) {
            case PGRES_POLLING_OK:
                PQsetnonblocking(handle, 1)
                return
            case PGRES_POLLING_READING: interest = .read
            case PGRES_POLLING_WRITING: interest = .write
            default: throw PostgresError(.connection, lastMessage)
            }
        }
    }

    /// `server_version_num`, for example 150018 or 180000.
    package var serverVersion: Int { Int(PQserverVersion(handle)) }

    var descriptor: Int32 { PQsocket(handle) }

    package var isBroken: Bool { PQstatus(handle) == CONNECTION_BAD }

    /// Nothing in flight and no transaction open: fit for the next lessee.
    package var isIdle: Bool { !isBroken && !hasUnreadResults && PQtransactionStatus(handle) == PQTRANS_IDLE }

    /// What the server said beside its results since the last call.
    package func takeNotices() -> [Notice] { notices.take() }

    // MARK: Statements

    /// Runs SQL without parameters, possibly several statements; for DDL, settings and transactions.
    package func execute(_ sql: String, deadline: ContinuousClock.Instant? = nil) async throws {
        try check(PQsendQuery(handle, sql))
        _ = try await readResults(until: deadline)
    }

    /// Runs one statement, preparing it first where this connection has not yet.
    ///
    /// - Parameter settings: sent with the statement, in the same round trip, where the session has them otherwise.
    package func query(
        _ statement: Statement, _ parameters: [Parameter] = [], settings: [Setting] = [],
        deadline: ContinuousClock.Instant? = nil
    ) async throws -> QueryResult {
        try await prepare(statement, parameters, deadline: deadline)
        let missing = settings.filter { $0.scope == .statement || sessionSettings[$0.name] != $0.value }
        guard !missing.isEmpty else {
            try send(statement, parameters)
            return try await oneResult(until: deadline)
        }
        let lasting = missing.filter { $0.scope == .session }
        for setting in lasting { sessionSettings[setting.name] = nil }
        let result = try await pipelined(missing, until: deadline) { try send(statement, parameters) }
        for setting in lasting { sessionSettings[setting.name] = setting.value }
        return result
    }

    func send(_ statement: Statement, _ parameters: [Parameter]) throws {
        try withBinary(parameters) { values, lengths, formats in
            try check(
                PQsendQueryPrepared(handle, statement.name, Int32(parameters.count), values, lengths, formats, 1))
        }
    }

    /// Runs one statement without a name: for what is asked once.
    package func query(
        _ sql: String, _ parameters: [Parameter] = [], deadline: ContinuousClock.Instant? = nil
    ) async throws -> QueryResult {
        try withBinary(parameters) { values, lengths, formats in
            try check(
                PQsendQueryParams(
                    handle, sql, Int32(parameters.count), parameters.map(\.oid), values, lengths, formats, 1))
        }
        return try await oneResult(until: deadline)
    }

    /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
    package func transaction<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await execute("BEGIN")
        do {
            let result = try await body()
            try await execute("COMMIT")
            return result
        } catch {
            // The first error is the one to report; a connection that cannot even roll back is not idle and
            // will not be lent again.
            if !isBroken, !hasUnreadResults { try? await execute("ROLLBACK") }
            throw error
        }
    }

    // MARK: Recovery

    /// Asks the server to cancel what is in flight, reads what is left and ends an open transaction.
    ///
    /// Returns false when the connection is of no more use.
    func recover(until deadline: ContinuousClock.Instant) async -> Bool {
        guard !isBroken else { return false }
        do {
            if hasUnreadResults {
                let cancellation = requestCancellation()
                if isPipelined {
                    _ = try? await readPipeline(until: deadline)
                } else {
                    _ = try? await readResults(until: deadline)
                }
                // A request still on its way would cancel whatever the connection runs next.
                guard await end(of: cancellation, by: deadline) else { return false }
            }
            if !isBroken, !hasUnreadResults, PQtransactionStatus(handle) != PQTRANS_IDLE {
                try await execute("ROLLBACK", deadline: deadline)
            }
        } catch {
            return false
        }
        return isIdle
    }

    /// libpq's cancel request opens a second connection and blocks on it, so it gets a thread of its own.
    ///
    /// - Returns: what is woken when the server has seen to the request; nil when there is none.
    private func requestCancellation() -> EventPoller.Ticket? {
        guard let cancel = PQgetCancel(handle) else { return nil }
        let request = CancelRequest(handle: cancel)
        let ticket = poller.makeTicket()
        Thread.detachNewThread { [poller] in
            request.send()
            poller.wake(ticket)
        }
        return ticket
    }

    /// The server closes a cancel request's connection after it has signalled the backend, and a backend ignores a signal
    /// that comes between two statements.
    private func end(of cancellation: EventPoller.Ticket?, by deadline: ContinuousClock.Instant) async -> Bool {
        guard let cancellation else { return true }
        if await poller.wait(cancellation, until: deadline) == .ready { return true }
        poller.discardWake(cancellation)
        return false
    }

    // MARK: Reading and writing

    func oneResult(until deadline: ContinuousClock.Instant?) async throws -> QueryResult {
        guard let result = try await readResults(until: deadline) else {
            throw PostgresError(.protocolViolation, "the statement gave no result")
        }
        return result
    }

    /// Reads to the end of the statement; the first error wins, else the last result is returned.
    func readResults(until deadline: ContinuousClock.Instant?) async throws -> QueryResult? {
        hasUnreadResults = true
        var reply = Reply()
        while let result = try await nextResult(until: deadline) {
            if PQresultStatus(result) == PGRES_COPY_IN {
                // COPY goes on: its data comes first, the final result later.
                hasUnreadResults = false
                return QueryResult(result)
            }
            take(result, into: &reply)
            if isBroken { break }
        }
        return try finished(reply)
    }

    /// What has come of a statement's reply.
    struct Reply {
        var last: QueryResult?
        var failure: PostgresError?
    }

    func take(_ result: OpaquePointer, into reply: inout Reply) {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            reply.last = QueryResult(result)
        default:
            reply.failure = reply.failure ?? serverError(result)
            PQclear(result)
        }
    }

    func finished(_ reply: Reply) throws -> QueryResult? {
        hasUnreadResults = false
        finishedStatements += 1
        if let failure = reply.failure { throw failure }
        if isBroken { throw PostgresError(.connection, lastMessage) }
        return reply.last
    }

    func nextResult(until deadline: ContinuousClock.Instant?) async throws -> OpaquePointer? {
        try await flush(until: deadline)
        while PQisBusy(handle) == 1 {
            try await ready(for: .read, until: deadline, while: "waiting for the server")
            guard PQconsumeInput(handle) == 1 else { throw PostgresError(.connection, lastMessage) }
        }
        return PQgetResult(handle)
    }

    /// Sends what libpq holds back; while the server's own output fills up, it is read too.
    func flush(until deadline: ContinuousClock.Instant?) async throws {
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                try await ready(for: .readOrWrite, until: deadline, while: "sending to the server")
                guard PQconsumeInput(handle) == 1 else { throw PostgresError(.connection, lastMessage) }
            default: throw PostgresError(.connection, lastMessage)
            }
        }
    }

    private func ready(
        for interest: EventPoller.Interest, until deadline: ContinuousClock.Instant?, while doing: String
    ) async throws {
        switch await poller.wait(for: interest, on: descriptor, until: deadline) {
        case .ready: return
        case .deadline: throw PostgresError(.deadline, "the deadline passed while \(doing)")
        case .cancelled: throw PostgresError(.cancelled, "cancelled while \(doing)")
        }
    }

    func withBinary<Result>(
        _ parameters: [Parameter],
        _ body: ([UnsafePointer<CChar>?], [Int32], [Int32]) throws -> Result
    ) rethrows -> Result {
        var writer = BinaryWriter()
        var ends: [Int] = []
        for parameter in parameters {
            writer.value(of: parameter)
            ends.append(writer.bytes.count)
        }
        let starts = [0] + ends.dropLast()
        let formats = [Int32](repeating: 1, count: parameters.count)
        // An empty buffer has no address, but an empty value must not look like NULL.
        let bytes = writer.bytes + [0]
        return try bytes.withUnsafeBufferPointer { buffer in
            try buffer.withMemoryRebound(to: CChar.self) { characters in
                let values = zip(parameters, starts).map { parameter, start in
                    parameter == .null ? nil : characters.baseAddress! + start
                }
                return try body(values, zip(starts, ends).map { Int32($1 - $0) }, formats)
            }
        }
    }

    func check(_ sent: Int32) throws {
        guard sent == 1 else {
            throw PostgresError(isBroken ? .connection : .protocolViolation, lastMessage)
        }
    }

    func serverError(_ result: OpaquePointer) -> PostgresError {
        guard let message = errorField(result, "M") else { return PostgresError(.connection, lastMessage) }
        return PostgresError(
            .server, message, sqlState: errorField(result, "C"), detail: errorField(result, "D"),
            hint: errorField(result, "H"))
    }

    var lastMessage: String { Self.lastMessage(handle) }

    private static func lastMessage(_ handle: OpaquePointer) -> String {
        // libpq breaks and indents its advice; a log line may not.
        let message = String(cString: PQerrorMessage(handle))
            .components(separatedBy: .whitespacesAndNewlines).filter { !$0.isEmpty }.joined(separator: " ")
        return message.isEmpty ? "the connection to the server was lost" : message
    }
}

/// A cancel request, handed to the one thread that sends and frees it.
private final class CancelRequest: @unchecked Sendable {
    private let handle: OpaquePointer

    init(handle: OpaquePointer) { self.handle = handle }

    deinit { PQfreeCancel(handle) }

    func send() {
        var message = [CChar](repeating: 0, count: 256)
        // A refused request needs no report: the connection is then closed when its results do not come.
        _ = PQcancel(handle, &message, Int32(message.count))
    }
}
