import Foundation
import Kernels

#if _endian(big)
    #error("bundle files are little-endian, and matrices are read and written as memory")
#endif

/// Values to the bytes of a bundle file and back.
enum BundleCoding {
    /// user Int32, item Int32, value Float, timestamp Int64.
    static let interactionBytes = 20

    static func bytes(of matrix: FloatMatrix) -> Data {
        matrix.withUnsafeBufferPointer { Data(buffer: $0) }
    }

    /// The data must have 4 · rows · columns bytes.
    static func matrix(_ data: Data, rows: Int, columns: Int) -> FloatMatrix {
        FloatMatrix(rows: rows, columns: columns) { elements in _ = data.copyBytes(to: elements) }
    }

    static func bytes(of interactions: [Interaction]) -> Data {
        var data = Data(count: interactions.count * interactionBytes)
        data.withUnsafeMutableBytes { bytes in
            for (row, interaction) in interactions.enumerated() {
                let start = row * interactionBytes
                bytes.storeBytes(of: interaction.user, toByteOffset: start, as: Int32.self)
                bytes.storeBytes(of: interaction.item, toByteOffset: start + 4, as: Int32.self)
                bytes.storeBytes(of: interaction.value, toByteOffset: start + 8, as: Float.self)
                bytes.storeBytes(of: interaction.timestamp, toByteOffset: start + 12, as: Int64.self)
            }
        }
        return data
    }

    static func interactions(_ data: Data) -> [Interaction] {
        data.withUnsafeBytes { bytes in
            (0..<bytes.count / interactionBytes).map { row in
                let start = row * interactionBytes
                return Interaction(
                    user: bytes.loadUnaligned(fromByteOffset: start, as: Int32.self),
                    item: bytes.loadUnaligned(fromByteOffset: start + 4, as: Int32.self),
                    value: bytes.loadUnaligned(fromByteOffset: start + 8, as: Float.self),
                    timestamp: bytes.loadUnaligned(fromByteOffset: start + 12, as: Int64.self))
            }
        }
    }

    /// row Int32, similarity Float.
    static let neighborBytes = 8

    static func bytes(of neighbors: RatingNeighbors) -> Data {
        var data = Data(count: neighbors.all.count * neighborBytes)
        data.withUnsafeMutableBytes { bytes in
            for (index, neighbor) in neighbors.all.enumerated() {
                bytes.storeBytes(of: neighbor.row, toByteOffset: index * neighborBytes, as: Int32.self)
                bytes.storeBytes(of: neighbor.similarity, toByteOffset: index * neighborBytes + 4, as: Float.self)
            }
        }
        return data
    }

    /// The data must have a whole number of lists for each item.
    static func neighbors(_ data: Data, items: Int) -> RatingNeighbors {
        let all = data.withUnsafeBytes { bytes in
            (0..<bytes.count / neighborBytes).map { index in
                RatingNeighbors.Neighbor(
                    row: bytes.loadUnaligned(fromByteOffset: index * neighborBytes, as: Int32.self),
                    similarity: bytes.loadUnaligned(fromByteOffset: index * neighborBytes + 4, as: Float.self))
            }
        }
        let lists = items * RatingNeighbors.Kind.allCases.count
        return RatingNeighbors(items: items, count: lists > 0 ? all.count / lists : 0, all: all)
    }

    /// One JSON object per line: it can be compared, searched and read a line at a time.
    static func lines<Value: Encodable>(of values: [Value], file: String) throws(BundleError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var data = Data()
        do {
            for value in values {
                data.append(try encoder.encode(value))
                data.append(UInt8(ascii: "\n"))
            }
        } catch {
            throw BundleError(.invalidContent, file: file, reason: "cannot be encoded: \(error)")
        }
        return data
    }

    static func values<Value: Decodable>(
        _ type: Value.Type, lines data: Data, file: String
    ) throws(BundleError) -> [Value] {
        let decoder = JSONDecoder()
        var values: [Value] = []
        for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
            do {
                values.append(try decoder.decode(type, from: line))
            } catch {
                throw BundleError(
                    .invalidContent, file: file, reason: "line \(values.count + 1) cannot be decoded: \(error)")
            }
        }
        return values
    }
}
