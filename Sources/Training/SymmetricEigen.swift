import CBLAS

/// The largest eigenvalues of a symmetric matrix and their eigenvectors.
package struct SymmetricEigen {
    /// Descending.
    package let values: [Double]
    /// size × values.count; column j belongs to `values[j]`, has norm 1, and its entry of largest magnitude is positive.
    package let vectors: Matrix

    /// LAPACK's `dsyevr` (multiple relatively robust representations, Dhillon and Parlett 2004). O(size³).
    ///
    /// - Parameter count: how many eigenvalues; fewer when the matrix is smaller.
    package init(of matrix: Matrix, count: Int) throws(TrainingError) {
        precondition(matrix.rows == matrix.columns && matrix.rows > 0)
        BLAS.pinToOneThread()
        var size = Int32(matrix.rows)
        let wanted = min(count, matrix.rows)
        var first = size - Int32(wanted) + 1
        var last = size
        var found: Int32 = 0
        var info: Int32 = 0
        var lower = 0.0
        var upper = 0.0
        var tolerance = 0.0
        var work = [Double](repeating: 0, count: 1)
        var integerWork = [Int32](repeating: 0, count: 1)
        var input = matrix.values
        var values = [Double](repeating: 0, count: matrix.rows)
        var columns = [Double](repeating: 0, count: matrix.rows * wanted)
        var support = [Int32](repeating: 0, count: 2 * wanted)
        // The first round asks how much working space the second one wants.
        for isQuery in [true, false] {
            var workSize = isQuery ? -1 : Int32(work.count)
            var integerWorkSize = isQuery ? -1 : Int32(integerWork.count)
            dsyevr_(
                "V", "I", "U", &size, &input, &size, &lower, &upper, &first, &last, &tolerance, &found, &values,
                &columns, &size, &support, &work, &workSize, &integerWork, &integerWorkSize, &info, 1, 1, 1)
            guard info == 0 else { throw .eigenSolverFailed(info: Int(info)) }
            if isQuery {
                work = [Double](repeating: 0, count: Int(work[0]))
                integerWork = [Int32](repeating: 0, count: Int(integerWork[0]))
            }
        }
        guard Int(found) == wanted else { throw .eigenSolverFailed(info: Int(found)) }
        self.values = values.prefix(wanted).reversed()
        vectors = SymmetricEigen.descending(columns, size: matrix.rows, count: wanted)
    }

    /// LAPACK's columns in descending order with their signs fixed: either sign is an eigenvector, and which one comes
    /// out depends on rounding.
    private static func descending(_ columns: [Double], size: Int, count: Int) -> Matrix {
        var result = Matrix(rows: size, columns: count)
        columns.withUnsafeBufferPointer { source in
            result.values.withUnsafeMutableBufferPointer { target in
                for column in 0..<count {
                    let start = (count - 1 - column) * size
                    var peak = start
                    for position in start..<start + size where abs(source[position]) > abs(source[peak]) {
                        peak = position
                    }
                    let sign = source[peak] < 0 ? -1.0 : 1.0
                    for row in 0..<size { target[row * count + column] = sign * source[start + row] }
                }
            }
        }
        return result
    }
}
