/// A row-major matrix of 32-bit floats in one 64-byte aligned block, immutable once made.
///
/// Rows follow each other without padding, so the memory is exactly the little-endian file format of a
/// bundle and the layout the distance kernels scan. Copies share the block.
package struct FloatMatrix: Sendable {
    package let rows: Int
    package let columns: Int
    private let block: AlignedBlock<Float>

    /// Makes a matrix and lets `fill` write every element; the block is zeroed first.
    package init(
        rows: Int, columns: Int, filling fill: (UnsafeMutableBufferPointer<Float>) throws -> Void = { _ in }
    ) rethrows {
        precondition(rows >= 0 && columns >= 0, "a matrix has no negative side")
        let block = AlignedBlock<Float>(repeating: 0, count: rows * columns)
        try fill(block.elements)
        self.rows = rows
        self.columns = columns
        self.block = block
    }

    /// `values` holds the rows one after the other.
    package init(rows: Int, columns: Int, values: [Float]) {
        precondition(values.count == rows * columns, "\(values.count) values do not make \(rows) × \(columns)")
        self.init(rows: rows, columns: columns) { elements in _ = elements.update(fromContentsOf: values) }
    }

    /// - Parameter block: holds at least `rows` × `columns` elements, which nobody writes any more.
    init(rows: Int, columns: Int, block: AlignedBlock<Float>) {
        self.rows = rows
        self.columns = columns
        self.block = block
    }

    package subscript(row: Int, column: Int) -> Float {
        precondition(column >= 0 && column < columns)
        return self[row][column]
    }

    /// One row, without copying; valid as long as the matrix is.
    package subscript(row: Int) -> Row {
        precondition(row >= 0 && row < rows, "row \(row) is outside 0..<\(rows)")
        return Row(matrix: self, index: row)
    }

    package func withUnsafeBufferPointer<Result>(
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(block) {
            try body(UnsafeBufferPointer(rebasing: block.elements[..<(rows * columns)]))
        }
    }

    /// A row of a matrix; it keeps the matrix alive.
    package struct Row: Sendable, RandomAccessCollection {
        private let matrix: FloatMatrix
        package let index: Int

        fileprivate init(matrix: FloatMatrix, index: Int) {
            self.matrix = matrix
            self.index = index
        }

        package var startIndex: Int { 0 }
        package var endIndex: Int { matrix.columns }

        package subscript(position: Int) -> Float {
            precondition(position >= 0 && position < matrix.columns)
            return matrix.block.elements[index * matrix.columns + position]
        }

        package func withUnsafeBufferPointer<Result>(
            _ body: (UnsafeBufferPointer<Float>) throws -> Result
        ) rethrows -> Result {
            try matrix.withUnsafeBufferPointer { all in
                try body(UnsafeBufferPointer(rebasing: all[index * matrix.columns..<(index + 1) * matrix.columns]))
            }
        }
    }
}
