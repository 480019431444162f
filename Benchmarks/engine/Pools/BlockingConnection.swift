import CPostgres
import Postgres

/// One libpq connection on which its thread waits. Used by that thread only.
final class BlockingConnection {
    private let handle: OpaquePointer
    private let name: String

    /// - Throws: `PostgresError` when it cannot connect or the statement cannot be prepared.
    init(_ search: Search) throws {
        guard let handle = PQconnectdb(search.url) else {
            throw PostgresError(.connection, "libpq could not allocate a connection")
        }
        self.handle = handle
        name = search.statement.name
        guard PQstatus(handle) == CONNECTION_OK else {
            throw PostgresError(.connection, String(cString: PQerrorMessage(handle)))
        }
        for sql in search.sessionStatements { try finish(PQexec(handle, sql)) }
        try finish(PQprepare(handle, name, search.statement.sql, 0, nil))
    }

    deinit { PQfinish(handle) }

    func search(_ vector: [Float]) throws -> [Int32] {
        var writer = BinaryWriter()
        vector.withUnsafeBufferPointer { writer.vector($0) }
        // The length in front belongs to COPY; libpq is told it apart.
        let bytes = writer.bytes.dropFirst(4)
        let result = bytes.withUnsafeBytes { bytes in
            PQexecPrepared(
                handle, name, 1, [bytes.bindMemory(to: CChar.self).baseAddress], [Int32(bytes.count)], [1], 1)
        }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_TUPLES_OK else { throw serverError }
        return (0..<PQntuples(result)).map { row in
            Int32(bigEndian: UnsafeRawPointer(PQgetvalue(result, row, 0)).loadUnaligned(as: Int32.self))
        }
    }

    private func finish(_ result: OpaquePointer?) throws {
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else { throw serverError }
    }

    private var serverError: PostgresError { PostgresError(.server, String(cString: PQerrorMessage(handle))) }
}
