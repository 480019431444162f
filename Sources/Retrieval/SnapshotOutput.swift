import Crypto
import Foundation
import Kernels

#if _endian(big)
    #error("snapshots are little-endian, and matrices are written as memory")
#endif

/// A snapshot's file while it is written: every byte passes a running SHA-256, and little of it waits in memory.
struct SnapshotOutput {
    private static let chunk = 1 << 20

    private let handle: FileHandle
    private var hash = SHA256()
    private var waiting = Data()

    init(path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SnapshotFile.systemError("open") }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    mutating func bytes(_ bytes: Data) throws {
        waiting.append(bytes)
        if waiting.count >= Self.chunk { try flush() }
    }

    mutating func value(_ value: some BitwiseCopyable) throws {
        try bytes(withUnsafeBytes(of: value) { Data($0) })
    }

    mutating func string(_ text: String) throws {
        try value(text.utf8.count)
        try bytes(Data(text.utf8))
    }

    mutating func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        // Equal snapshots make equal files.
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode(value)
        try self.value(data.count)
        try bytes(data)
    }

    mutating func array(_ values: [some BitwiseCopyable]) throws {
        try value(values.count)
        try values.withUnsafeBytes { try memory($0) }
    }

    mutating func matrix(_ matrix: FloatMatrix) throws {
        try value(matrix.rows)
        try value(matrix.columns)
        try matrix.withUnsafeBufferPointer { try memory(UnsafeRawBufferPointer($0)) }
    }

    /// Seals the file and returns when it is on the disk.
    mutating func finish() throws {
        try flush()
        try handle.write(contentsOf: Data(hash.finalize()))
        try handle.synchronize()
        try handle.close()
    }

    private mutating func memory(_ memory: UnsafeRawBufferPointer) throws {
        for start in stride(from: 0, to: memory.count, by: Self.chunk) {
            let end = min(start + Self.chunk, memory.count)
            try bytes(Data(UnsafeRawBufferPointer(rebasing: memory[start..<end])))
        }
    }

    private mutating func flush() throws {
        // A service that stops does not wait for the rest.
        try Task.checkCancellation()
        hash.update(data: waiting)
        try handle.write(contentsOf: waiting)
        waiting.removeAll(keepingCapacity: true)
    }
}
