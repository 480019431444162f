import Foundation
import Logging

/// The sequence number up to which records need not be read again, in a file of 12 bytes.
///
/// It is written in place and not synchronised: after a power cut it may be older than the truth, and then records are
/// read twice, which the reader must bear anyway. It has its bytes from the start, so that it needs no room on a disk that
/// has filled up.
struct PositionFile {
    private let file: File

    init(_ path: String) throws(JournalError) {
        file = try File(path, O_RDWR | O_CREAT)
        if try file.contents().isEmpty { try write(0) }
    }

    /// Zero where what is there is damaged, which is reported.
    func read(_ logger: Logger) throws(JournalError) -> UInt64 {
        let bytes = try file.contents()
        if let position = Self.position(bytes) { return position }
        logger.error(
            "the journal's position is damaged: everything that is left is read again",
            metadata: ["file": "\(file.path)"])
        try file.truncate(to: 0)
        try write(0)
        return 0
    }

    private static func position(_ bytes: [UInt8]) -> UInt64? {
        guard bytes.count == 12 else { return nil }
        return bytes.withUnsafeBytes { bytes in
            let checksum = UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
            guard CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[4...])) == checksum else { return nil }
            return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt64.self))
        }
    }

    func write(_ position: UInt64) throws(JournalError) {
        let value = withUnsafeBytes(of: position.littleEndian) { Array($0) }
        let checksum = value.withUnsafeBytes { CRC32C.checksum($0) }
        try file.write(withUnsafeBytes(of: checksum.littleEndian) { Array($0) } + value, at: 0)
    }
}
