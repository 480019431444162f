import CPostgres

/// A binary `COPY … FROM STDIN` in progress.
package struct CopyIn {
    /// Enough that a system call is rare beside the rows it carries.
    private static let bufferSize = 256 * 1024
    /// Buffers that may wait in libpq: the next rows are written while the server takes these.
    private static let mostQueued = 2

    private let connection: Connection
    private var writer = BinaryWriter()
    private var queued = 0
    package private(set) var rows = 0

    fileprivate init(_ connection: Connection) {
        self.connection = connection
        // Signature, flags and header extension length (PostgreSQL documentation, "COPY", binary format).
        writer.header(Array("PGCOPY\n".utf8) + [0xFF] + Array("\r\n\0".utf8))
    }

    /// Appends one row; `body` writes exactly `columns` fields.
    package mutating func row(columns: Int, _ body: (inout BinaryWriter) throws -> Void) async throws {
        writer.raw(Int16(columns))
        try body(&writer)
        rows += 1
        if writer.bytes.count >= Self.bufferSize { try await send() }
    }

    /// Appends `count` rows, each written as in ``row(columns:_:)``, without a suspension between two of them.
    package mutating func rows(
        _ count: Int, columns: Int, _ body: (inout BinaryWriter, _ row: Int) throws -> Void
    ) async throws {
        var row = 0
        while row < count {
            while row < count, writer.bytes.count < Self.bufferSize {
                writer.raw(Int16(columns))
                try body(&writer, row)
                row += 1
                rows += 1
            }
            if writer.bytes.count >= Self.bufferSize { try await send() }
        }
    }

    fileprivate mutating func finish() async throws {
        writer.raw(Int16(-1))
        try await send()
    }

    private mutating func send() async throws {
        try connection.putCopyData(writer.bytes)
        writer.removeAll()
        queued = try connection.isFlushed() ? 0 : queued + 1
        guard queued >= Self.mostQueued else { return }
        try await connection.flush(until: nil)
        queued = 0
    }
}

extension Connection {
    /// Runs `COPY … FROM STDIN (FORMAT binary)` and lets `body` write the rows; returns how many the server took.
    ///
    /// When `body` throws, the COPY is aborted on the server and the error is passed on.
    @discardableResult
    package func copyIn(_ sql: String, _ body: (inout CopyIn) async throws -> Void) async throws -> Int {
        try check(PQsendQuery(handle, sql))
        _ = try await readResults(until: nil)
        var copy = CopyIn(self)
        do {
            try await body(&copy)
            try await copy.finish()
        } catch {
            if !isBroken {
                _ = PQputCopyEnd(handle, "the loader stopped: \(error)")
                _ = try? await readResults(until: nil)
            }
            throw error
        }
        try check(PQputCopyEnd(handle, nil))
        return try await oneResult(until: nil).affectedRows
    }

    /// libpq keeps what the socket does not take; it refuses only where memory ends.
    fileprivate func putCopyData(_ bytes: [UInt8]) throws {
        let status = bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { PQputCopyData(handle, $0.baseAddress, Int32($0.count)) }
        }
        guard status == 1 else { throw PostgresError(.connection, lastMessage) }
    }

    /// Sends what the socket takes at once; false where something is left.
    fileprivate func isFlushed() throws -> Bool {
        let left = PQflush(handle)
        guard left >= 0 else { throw PostgresError(.connection, lastMessage) }
        return left == 0
    }
}

extension BinaryWriter {
    fileprivate mutating func header(_ signature: [UInt8]) {
        for byte in signature { raw(byte) }
        raw(Int32(0))
        raw(Int32(0))
    }
}
