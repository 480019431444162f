import Kernels
import Testing

@Suite struct VectorCodecTests {
    @Test("bytes are those of pgvector's vector_send")
    func knownBytes() {
        #expect(VectorCodec.encode([1, -2.5]) == [0, 2, 0, 0, 0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0])
    }

    @Test("a vector survives, at any byte offset, bit by bit", arguments: 0..<8)
    func roundTrip(offset: Int) throws {
        var random = RandomSource(seed: 1)
        for dimensions in Array(1...130) + [16_000] {
            var values = random.floats(dimensions)
            values[dimensions / 2] = Float(bitPattern: 0x7fc1_2345)
            var bytes = [UInt8](repeating: 0xee, count: offset + VectorCodec.byteCount(dimensions: dimensions))
            let decoded = try bytes.withUnsafeMutableBytes { all in
                let place = UnsafeMutableRawBufferPointer(rebasing: all[offset...])
                let written = values.withUnsafeBufferPointer { VectorCodec.encode($0, into: place) }
                #expect(written == place.count)
                return try VectorCodec.decode(UnsafeRawBufferPointer(place))
            }
            #expect(decoded.map(\.bitPattern) == values.map(\.bitPattern))
        }
    }

    @Test("truncated or overlong bytes are refused")
    func wrongLength() {
        let bytes = VectorCodec.encode([1, 2, 3])
        for length in 0..<bytes.count {
            #expect(throws: VectorCodecError.malformed(length: length)) {
                try bytes[..<length].withUnsafeBytes { try VectorCodec.decode($0) }
            }
        }
        #expect(throws: VectorCodecError.malformed(length: 17)) {
            try (bytes + [0]).withUnsafeBytes { try VectorCodec.decode($0) }
        }
    }

    @Test(
        "a header that pgvector does not write is refused",
        arguments: [[0, 0, 0, 0], [0, 1, 0, 1, 0, 0, 0, 0], [0xff, 0xff, 0, 0]] as [[UInt8]])
    func wrongHeader(bytes: [UInt8]) {
        #expect(throws: VectorCodecError.malformed(length: bytes.count)) {
            try bytes.withUnsafeBytes { try VectorCodec.decode($0) }
        }
    }

    @Test("a vector of another dimension than the place for it is refused")
    func wrongDimensions() {
        var output = [Float](repeating: 0, count: 2)
        #expect(throws: VectorCodecError.dimensions(found: 3, expected: 2)) {
            try VectorCodec.encode([1, 2, 3]).withUnsafeBytes { bytes in
                try output.withUnsafeMutableBufferPointer { try VectorCodec.decode(bytes, into: $0) }
            }
        }
    }
}
