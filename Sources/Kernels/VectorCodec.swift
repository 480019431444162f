import CKernels

/// pgvector's binary form of a vector: a big-endian int16 dimension, an int16 zero, then big-endian float32s.
///
/// Values are carried bit by bit: NaN and infinity are refused by PostgreSQL, not here.
package enum VectorCodec {
    /// Most dimensions of PostgreSQL's type `vector`.
    package static let maximumDimensions = Int(KINDRED_VECTOR_MAX_DIMENSIONS)

    /// Bytes that a vector of `dimensions` takes.
    package static func byteCount(dimensions: Int) -> Int {
        Int(KINDRED_VECTOR_HEADER) + dimensions * MemoryLayout<Float>.size
    }

    /// Writes `values` to the start of `output`, which must have room; returns the bytes written.
    @discardableResult
    package static func encode(
        _ values: UnsafeBufferPointer<Float>, into output: UnsafeMutableRawBufferPointer
    ) -> Int {
        let length = byteCount(dimensions: values.count)
        precondition((1...maximumDimensions).contains(values.count), "\(values.count) dimensions do not make a vector")
        precondition(output.count >= length, "\(output.count) bytes are too few for \(length)")
        kindred_vector_encode(
            values.baseAddress!, values.count, output.baseAddress!.assumingMemoryBound(to: UInt8.self))
        return length
    }

    package static func encode(_ values: UnsafeBufferPointer<Float>) -> [UInt8] {
        let length = byteCount(dimensions: values.count)
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, initialized in
            initialized = encode(values, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    package static func encode(_ values: [Float]) -> [UInt8] {
        values.withUnsafeBufferPointer { encode($0) }
    }

    /// Fills `output` with a vector that must have `output.count` dimensions.
    package static func decode(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>
    ) throws(VectorCodecError) {
        let dimensions = try dimensions(of: bytes)
        guard dimensions == output.count else {
            throw .dimensions(found: dimensions, expected: output.count)
        }
        kindred_vector_decode(
            bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), dimensions, output.baseAddress!)
    }

    package static func decode(_ bytes: UnsafeRawBufferPointer) throws(VectorCodecError) -> [Float] {
        let dimensions = try dimensions(of: bytes)
        return [Float](unsafeUninitializedCapacity: dimensions) { buffer, initialized in
            kindred_vector_decode(
                bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), dimensions, buffer.baseAddress!)
            initialized = dimensions
        }
    }

    private static func dimensions(of bytes: UnsafeRawBufferPointer) throws(VectorCodecError) -> Int {
        guard let start = bytes.baseAddress else { throw .malformed(length: 0) }
        let dimensions = kindred_vector_dimensions(start.assumingMemoryBound(to: UInt8.self), bytes.count)
        guard dimensions > 0 else { throw .malformed(length: bytes.count) }
        return dimensions
    }
}
