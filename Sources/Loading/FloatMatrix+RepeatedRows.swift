import Kernels
import ModelBundle

extension FloatMatrix {
    /// Rows that equal another row, ascending; those that are all zero stand for no vector and do not count.
    func repeatedRows() -> [Int] {
        withUnsafeBufferPointer { all in
            let row = { UnsafeBufferPointer(rebasing: all[$0 * columns..<($0 + 1) * columns]) }
            let isPresent = hasValues()
            let hashed = (0..<rows).lazy.filter { isPresent[$0] }.map { (hash: Self.hash(row($0)), row: $0) }
                .sorted { ($0.hash, $0.row) < ($1.hash, $1.row) }
            var repeated: Set<Int> = []
            var start = 0
            while start < hashed.count {
                var end = start + 1
                // Rows of one hash are nearly always equal, so that comparing each with the first finds them.
                while end < hashed.count, hashed[end].hash == hashed[start].hash {
                    let earlier = hashed[start..<end].first { row($0.row).elementsEqual(row(hashed[end].row)) }
                    if let earlier { repeated.formUnion([earlier.row, hashed[end].row]) }
                    end += 1
                }
                start = end
            }
            return repeated.sorted()
        }
    }

    /// FNV-1a over the elements' bits (Fowler, Noll and Vo), a word at a time; equal rows have equal hashes.
    private static func hash(_ row: UnsafeBufferPointer<Float>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for element in row {
            // Minus zero equals zero; their sum has zero's bits.
            hash = (hash ^ UInt64((element + 0).bitPattern)) &* 0x0000_0100_0000_01B3
        }
        return hash
    }
}
