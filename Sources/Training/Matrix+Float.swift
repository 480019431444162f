package import Kernels

extension Matrix {
    package init(_ floats: FloatMatrix) {
        self.init(rows: floats.rows, columns: floats.columns)
        floats.withUnsafeBufferPointer { source in
            values.withUnsafeMutableBufferPointer { target in
                for position in 0..<source.count { target[position] = Double(source[position]) }
            }
        }
    }

    /// Rounded to 32 bits.
    package var floats: FloatMatrix {
        FloatMatrix(rows: rows, columns: columns) { target in
            values.withUnsafeBufferPointer { source in
                for position in 0..<source.count { target[position] = Float(source[position]) }
            }
        }
    }
}
