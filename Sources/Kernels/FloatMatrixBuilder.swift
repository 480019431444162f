/// A matrix that grows row by row, for rows that arrive one after the other.
package struct FloatMatrixBuilder: ~Copyable {
    private var block: AlignedBlock<Float>
    private var rows = 0
    private let columns: Int

    /// - Parameter capacity: the rows to expect. One more moves everything to a block of twice the size.
    package init(columns: Int, capacity: Int) {
        self.columns = columns
        block = AlignedBlock(repeating: 0, count: max(capacity, 1) * columns)
    }

    /// Adds a row that `fill` writes; it is zero before, and when `fill` throws it is not added.
    package mutating func append(_ fill: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
        let start = rows * columns
        if start + columns > block.elements.count { grow() }
        try fill(UnsafeMutableBufferPointer(rebasing: block.elements[start..<start + columns]))
        rows += 1
    }

    /// The rows so far.
    package consuming func matrix() -> FloatMatrix { FloatMatrix(rows: rows, columns: columns, block: block) }

    private mutating func grow() {
        let larger = AlignedBlock<Float>(repeating: 0, count: 2 * block.elements.count)
        larger.elements.baseAddress!.update(from: block.elements.baseAddress!, count: rows * columns)
        block = larger
    }
}
