import Foundation

/// How a record lies in a segment: checksum (4 bytes), length of the payload (4), sequence number (8), payload; numbers
/// are little-endian.
///
/// The checksum covers everything behind it, so that a record is known for what it is wherever it is found: neither
/// torn, nor altered, nor left over from another place.
struct Record {
    static let headerSize = 16
    /// Of a payload, in bytes.
    static let sizes = 1...(64 << 10)

    let sequence: UInt64
    /// Where its bytes are, header included.
    let range: Range<Int>

    var payload: Range<Int> { range.lowerBound + Self.headerSize..<range.upperBound }

    static func write(_ payload: Data, sequence: UInt64, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: [0, 0, 0, 0])
        withUnsafeBytes(of: UInt32(payload.count).littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: sequence.littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: payload)
        bytes.withUnsafeMutableBytes { all in
            let checksum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: all[(start + 4)...]))
            all.storeBytes(of: checksum.littleEndian, toByteOffset: start, as: UInt32.self)
        }
    }

    /// The record at `offset` if there is a whole one, with a sequence number of `sequences`.
    static func read(_ bytes: UnsafeRawBufferPointer, at offset: Int, in sequences: Range<UInt64>) -> Record? {
        guard bytes.count - offset > headerSize else { return nil }
        let sequence = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
        guard sequences.contains(sequence) else { return nil }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)))
        guard sizes.contains(length), length <= bytes.count - offset - headerSize else { return nil }
        let end = offset + headerSize + length
        let checksum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        guard CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[offset + 4..<end])) == checksum else { return nil }
        return Record(sequence: sequence, range: offset..<end)
    }
}
