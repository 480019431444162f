import CBLAS

/// Dense products on one thread.
///
/// One thread, because the order of a sum, and with it the last bits of the result, would otherwise depend on the
/// number of cores. The dense sizes here take a fraction of a second.
enum BLAS {
    private static let pinned: Void = openblas_set_num_threads(1)

    /// Called before every routine; takes effect once.
    static func pinToOneThread() { pinned }

    /// A · Aᵀ, rows × rows.
    static func gram(ofRows matrix: Matrix) -> Matrix {
        gram(matrix, size: matrix.rows, depth: matrix.columns, transpose: CblasNoTrans)
    }

    /// Aᵀ · A, columns × columns.
    static func gram(ofColumns matrix: Matrix) -> Matrix {
        gram(matrix, size: matrix.columns, depth: matrix.rows, transpose: CblasTrans)
    }

    /// op(A) · op(B), where op transposes on demand.
    static func product(
        _ a: Matrix, transposingA: Bool = false, _ b: Matrix, transposingB: Bool = false
    ) -> Matrix {
        let (rows, depth) = transposingA ? (a.columns, a.rows) : (a.rows, a.columns)
        let (otherDepth, columns) = transposingB ? (b.columns, b.rows) : (b.rows, b.columns)
        precondition(depth == otherDepth, "the inner sides of a product are equal")
        var result = Matrix(rows: rows, columns: columns)
        guard rows > 0, columns > 0, depth > 0 else { return result }
        pinToOneThread()
        result.values.withUnsafeMutableBufferPointer { target in
            cblas_dgemm(
                Int32(CblasRowMajor), Int32(transposingA ? CblasTrans : CblasNoTrans),
                Int32(transposingB ? CblasTrans : CblasNoTrans), Int32(rows), Int32(columns), Int32(depth),
                1, a.values, Int32(a.columns), b.values, Int32(b.columns), 0, target.baseAddress, Int32(columns))
        }
        return result
    }

    /// C = factor · op(A) · B + keeping · C for row-major blocks, where op transposes on demand.
    ///
    /// - Parameters:
    ///   - a: rows × depth or, transposed, depth × rows.
    ///   - b: depth × columns; `result`: rows × columns.
    static func multiply(
        _ a: UnsafePointer<Double>, transposed: Bool = false, _ b: UnsafePointer<Double>,
        into result: UnsafeMutablePointer<Double>, rows: Int, depth: Int, columns: Int, factor: Double = 1,
        keeping: Double = 0
    ) {
        pinToOneThread()
        cblas_dgemm(
            Int32(CblasRowMajor), Int32(transposed ? CblasTrans : CblasNoTrans), Int32(CblasNoTrans), Int32(rows),
            Int32(columns), Int32(depth), factor, a, Int32(transposed ? rows : depth), b, Int32(columns), keeping,
            result, Int32(columns))
    }

    private static func gram(_ matrix: Matrix, size: Int, depth: Int, transpose: Int) -> Matrix {
        var result = Matrix(rows: size, columns: size)
        guard size > 0, depth > 0 else { return result }
        pinToOneThread()
        result.values.withUnsafeMutableBufferPointer { target in
            cblas_dsyrk(
                Int32(CblasRowMajor), Int32(CblasUpper), Int32(transpose), Int32(size),
                Int32(depth), 1, matrix.values, Int32(matrix.columns), 0, target.baseAddress, Int32(size))
            for row in 0..<size {
                for column in row + 1..<size { target[column * size + row] = target[row * size + column] }
            }
        }
        return result
    }
}
