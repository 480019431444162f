import CKernels

/// A matrix with a byte per coordinate beside it, for a first pass that reads less memory.
///
/// A row x becomes scale · codes, after the columns' means are taken off, and remembers ‖x − scale · codes‖, its error.
/// By the triangle inequality a distance between codes is within both errors of the real one; `ExactScan` leaves out
/// what is too far even so and compares the rest exactly. Takes dimensions + 12 bytes per row beside the floats: worth
/// it from where the floats outgrow the caches (a million rows of 64 take about a quarter of the time), and only with the
/// vector kernels: the scalar ones need longer for a code than for a float.
package struct QuantizedMatrix: Sendable {
    package let matrix: FloatMatrix
    let centre: [Float]
    let groups: Int
    private let blocks: AlignedBlock<UInt8>

    static let blockRows = Int(KINDRED_BLOCK_ROWS)

    /// Squares up to here, and their sums, are far from single precision's end. Rows beyond are compared in any case.
    static let largestSquare = 1e37

    let blockCount: Int
    /// Of one block, as CKernels.h lays it out.
    let blockBytes: Int

    /// O(rows × columns).
    ///
    /// - Parameter matrix: at most `VectorCodec.maximumDimensions` columns: products of codes are summed in 32 bits.
    package init(_ matrix: FloatMatrix) {
        precondition(matrix.columns <= VectorCodec.maximumDimensions, "\(matrix.columns) columns are too many")
        self.matrix = matrix
        centre = matrix.columnMeans
        // Codes come in fours.
        groups = (matrix.columns + 3) / 4
        blockCount = (matrix.rows + Self.blockRows - 1) / Self.blockRows
        blockBytes = Self.blockRows * (4 * groups + 3 * MemoryLayout<Float>.size)
        // 128 is the code 0: what pads a row or a block adds nothing to a product.
        blocks = AlignedBlock(repeating: 128, count: blockCount * blockBytes)
        var row = RowCode(columns: matrix.columns)
        matrix.withUnsafeBufferPointer { elements in
            for index in 0..<matrix.rows {
                let start = index * matrix.columns
                row.encode(UnsafeBufferPointer(rebasing: elements[start..<start + matrix.columns]), centre: centre)
                store(row, at: index)
            }
        }
    }

    func withBlocks<Result>(_ body: (UnsafePointer<UInt8>) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(blocks) { try body(UnsafePointer(blocks.elements.baseAddress!)) }
    }

    private func store(_ row: RowCode, at index: Int) {
        let block = UnsafeMutableRawPointer(blocks.elements.baseAddress!) + index / Self.blockRows * blockBytes
        let lane = index % Self.blockRows
        for (position, code) in row.codes.enumerated() {
            let byte = position / 4 * 4 * Self.blockRows + lane * 4 + position % 4
            block.storeBytes(of: UInt8(bitPattern: code) &+ 128, toByteOffset: byte, as: UInt8.self)
        }
        // A row that cannot be bounded has no lower bound: it is always compared.
        let isBounded = row.square <= Self.largestSquare
        store(isBounded ? row.scale : 0, part: 0)
        store(isBounded ? row.square.loweredForRounding : -.infinity, part: 1)
        store(isBounded ? row.error.raised : 0, part: 2)

        func store(_ value: Float, part: Int) {
            let place = 4 * groups * Self.blockRows + (part * Self.blockRows + lane) * MemoryLayout<Float>.size
            block.storeBytes(of: value, toByteOffset: place, as: Float.self)
        }
    }
}

extension FloatMatrix {
    /// Any centre is correct; the mean makes small codes of rows that lie together. Zero where there is no finite one.
    fileprivate var columnMeans: [Float] {
        var sums = [Double](repeating: 0, count: columns)
        withUnsafeBufferPointer { elements in
            for row in 0..<rows {
                for column in 0..<columns { sums[column] += Double(elements[row * columns + column]) }
            }
        }
        return sums.map { sum in
            let mean = Float(sum / Double(rows))
            return mean.isFinite ? mean : 0
        }
    }
}
