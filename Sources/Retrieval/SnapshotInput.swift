import Crypto
import Foundation
import Kernels

/// A snapshot's file while it is read: what ``SnapshotOutput`` wrote, in the same order.
struct SnapshotInput {
    private let data: Data
    private let end: Int
    private var place = 0

    struct Exhausted: Error, CustomStringConvertible {
        let description = "is damaged: it ends too early"
    }

    /// - Parameter end: where the content ends and its SHA-256 begins.
    init(_ data: Data, end: Int) {
        self.data = data
        self.end = end
    }

    /// Whether the content is the one that was sealed.
    var isSealed: Bool {
        guard end >= 0 else { return false }
        let found = data.withUnsafeBytes { bytes in
            var hash = SHA256()
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[..<end]))
            return hash.finalize()
        }
        return found == data[end...]
    }

    mutating func skip(_ count: Int) throws { _ = try range(count) }

    mutating func bytes() throws -> Data {
        let count = try value(Int.self)
        return data[try range(count)]
    }

    mutating func value<Value: BitwiseCopyable>(_: Value.Type) throws -> Value {
        let range = try range(MemoryLayout<Value>.size)
        return data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: range.lowerBound, as: Value.self) }
    }

    mutating func string() throws -> String { String(decoding: try bytes(), as: UTF8.self) }

    mutating func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: try bytes())
    }

    mutating func array<Element: BitwiseCopyable>(_: Element.Type) throws -> [Element] {
        let count = try value(Int.self)
        let range = try range(count, of: MemoryLayout<Element>.stride)
        return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            data.copyBytes(to: buffer, from: range)
            initialized = count
        }
    }

    mutating func matrix() throws -> FloatMatrix {
        let rows = try value(Int.self)
        let columns = try value(Int.self)
        let (count, isTooMany) = rows.multipliedReportingOverflow(by: columns)
        guard rows >= 0, columns >= 0, !isTooMany else { throw Exhausted() }
        let range = try range(count, of: MemoryLayout<Float>.size)
        return FloatMatrix(rows: rows, columns: columns) { elements in
            data.copyBytes(to: elements, from: range)
        }
    }

    private mutating func range(_ count: Int, of size: Int = 1) throws -> Range<Int> {
        guard count >= 0, count <= (end - place) / size, place <= end else { throw Exhausted() }
        defer { place += count * size }
        return place..<place + count * size
    }
}
