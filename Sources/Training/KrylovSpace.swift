/// An orthonormal basis that grows by blocks, and the matrix's image in it.
struct KrylovSpace {
    /// Eigenpairs within the space.
    struct Ritz {
        /// Descending.
        let values: [Double]
        /// dimension × values.count.
        let vectors: Matrix
        /// ‖G x − θ x‖ of each.
        let residuals: [Double]

        /// Below this share of the largest, an eigenvalue is a zero of the matrix and its vector is not used.
        private static let zero = 1e-10

        func isConverged(_ tolerance: Double) -> Bool {
            zip(values, residuals).allSatisfy { $0 <= values[0] * Ritz.zero || $1 <= tolerance * values[0] }
        }

        func isConverged(relativeToOwn tolerance: Double) -> Bool {
            zip(values, residuals).allSatisfy { $0 <= values[0] * Ritz.zero || $1 <= tolerance * $0 }
        }
    }

    private(set) var dimension = 0
    /// Column j of the projected matrix, as far as the block of j.
    private(set) var projections: [[Double]] = []
    /// The newest block; columns beyond its width are zero. Nil before the first and after a breakdown.
    private(set) var lastPanel: Panel?
    private let size: Int
    /// dimension × size: one basis vector after the other, so that it grows in place.
    private var basis: [Double] = []
    private var lastWidth = 0

    init(size: Int, capacity: Int) {
        self.size = size
        // Address space only: a page takes memory when a vector is written to it.
        basis.reserveCapacity(size * capacity)
    }

    /// Takes the last block's image, notes its coordinates and leaves what is orthogonal to the space.
    mutating func project(_ image: inout Panel) {
        // Twice is enough (Parlett, The symmetric eigenvalue problem, §6.9).
        var coordinates = removeProjection(from: &image)
        for (position, value) in removeProjection(from: &image).enumerated() { coordinates[position] += value }
        for column in 0..<lastWidth {
            projections.append((0..<dimension).map { coordinates[$0 * Panel.width + column] })
        }
    }

    /// Adds the directions of a panel that are longer than `floor` and not in the space yet.
    ///
    /// - Returns: how many there were.
    mutating func append(_ panel: inout Panel, floor: Double) throws(TrainingError) -> Int {
        var width = Panel.width
        for round in 0..<3 {
            _ = removeProjection(from: &panel)
            width = try KrylovSpace.orthonormalize(&panel, floor: round == 0 ? floor : 0.1)
        }
        width = min(width, size - dimension)
        lastWidth = width
        lastPanel = width > 0 ? panel : nil
        for column in 0..<width {
            panel.withElements { elements in
                for row in 0..<size { basis.append(elements[row * Panel.width + column]) }
            }
        }
        dimension += width
        return width
    }

    /// - Parameter remainder: WᵀW for what `project` left of the last image.
    func ritz(count: Int, remainder: Matrix) throws(TrainingError) -> Ritz {
        var projected = Matrix(rows: dimension, columns: dimension)
        for (column, entries) in projections.enumerated() {
            for row in 0..<entries.count where row <= column {
                projected[row, column] = entries[row]
                projected[column, row] = entries[row]
            }
        }
        let eigen = try SymmetricEigen(of: projected, count: count)
        let first = dimension - lastWidth
        let residuals = eigen.values.indices.map { column in
            var sum = 0.0
            for row in 0..<lastWidth {
                for other in 0..<lastWidth {
                    sum +=
                        eigen.vectors[first + row, column] * remainder[row, other]
                        * eigen.vectors[first + other, column]
                }
            }
            return max(sum, 0).squareRoot()
        }
        return Ritz(values: eigen.values, vectors: eigen.vectors, residuals: residuals)
    }

    /// The eigenvectors in the full space, size × count, signs fixed as `SymmetricEigen` fixes them.
    func vectors(_ ritz: Ritz) -> Matrix {
        var result = Matrix(rows: size, columns: ritz.values.count)
        basis.withUnsafeBufferPointer { basis in
            result.values.withUnsafeMutableBufferPointer {
                BLAS.multiply(
                    basis.baseAddress!, transposed: true, ritz.vectors.values, into: $0.baseAddress!, rows: size,
                    depth: dimension, columns: ritz.values.count)
            }
        }
        var peaks = [Double](repeating: 0, count: result.columns)
        result.forEachRow { _, row in
            for column in 0..<row.count where abs(row[column]) > abs(peaks[column]) { peaks[column] = row[column] }
        }
        result.scaleColumns(by: peaks.map { $0 < 0 ? -1 : 1 })
        return result
    }

    /// W − Q Qᵀ W; returns QᵀW, dimension × 16.
    private func removeProjection(from panel: inout Panel) -> [Double] {
        guard dimension > 0 else { return [] }
        var coordinates = [Double](repeating: 0, count: dimension * Panel.width)
        basis.withUnsafeBufferPointer { basis in
            coordinates.withUnsafeMutableBufferPointer { coordinates in
                panel.withMutableElements { elements in
                    BLAS.multiply(
                        basis.baseAddress!, elements.baseAddress!, into: coordinates.baseAddress!, rows: dimension,
                        depth: size, columns: Panel.width)
                    BLAS.multiply(
                        basis.baseAddress!, transposed: true, coordinates.baseAddress!,
                        into: elements.baseAddress!, rows: size, depth: dimension, columns: Panel.width,
                        factor: -1, keeping: 1)
                }
            }
        }
        return coordinates
    }

    /// Makes the panel's columns orthonormal by the eigenvectors of their Gram matrix; short directions become zero
    /// columns at the end.
    private static func orthonormalize(_ panel: inout Panel, floor: Double) throws(TrainingError) -> Int {
        let eigen = try SymmetricEigen(of: panel.gram(), count: Panel.width)
        // Beyond this spread the Gram matrix has lost a direction to rounding.
        let least = max(floor * floor, eigen.values[0] * 1e-13)
        let width = eigen.values.count { $0 > least }
        var rotation = eigen.vectors
        rotation.scaleColumns(
            by: eigen.values.enumerated().map { $0.offset < width ? 1 / $0.element.squareRoot() : 0 })
        let source = panel
        source.withElements { source in
            panel.withMutableElements { target in
                BLAS.multiply(
                    source.baseAddress!, rotation.values, into: target.baseAddress!, rows: source.count / Panel.width,
                    depth: Panel.width, columns: Panel.width)
            }
        }
        return width
    }
}
