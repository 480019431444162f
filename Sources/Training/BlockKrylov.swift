import MovieLens

/// The largest eigenpairs of A Aᵀ or Aᵀ A for a sparse A, which never becomes a dense matrix.
///
/// A random block is multiplied again and again; each product is made orthogonal to all before it, and the
/// eigenvectors are sought in the space they span (Rayleigh–Ritz). Sources: Golub and Underwood, "The block Lanczos
/// method for computing eigenvalues" (1977); Musco and Musco, "Randomized block Krylov methods for stronger and faster approximate singular
/// value decomposition" (NIPS 2015), whose bound needs no gap between eigenvalues; orthogonalisation within a block by
/// Stathopoulos and Wu, "A block orthogonalization procedure with constant synchronization requirements" (SISC 2002).
struct BlockKrylov {
    /// Descending.
    let values: [Double]
    /// size × values.count; norm 1, the entry of largest magnitude positive.
    let vectors: Matrix

    enum Side {
        /// Eigenvectors of A Aᵀ.
        case rows
        /// Eigenvectors of Aᵀ A.
        case columns
    }

    /// ‖G x − θ x‖ relative to the largest eigenvalue at which an eigenpair is as good for floats as a dense solver's.
    private static let tolerance = 1e-9
    /// The same relative to the eigenpair's own eigenvalue, once the space is `patience` times what is asked for and
    /// more steps are `costly`: what moves by less than this lies among eigenvalues so close that any vector between
    /// them serves as well.
    private static let clusterTolerance = 1e-2
    private static let patience = 6
    /// Entries times dimensions: a few seconds on one core.
    private static let costly = 1_000_000_000
    private static let limit = 40
    /// A column shorter than this, relative to the largest eigenvalue, is rounding.
    private static let breakdown = 1e-12

    /// O(steps · (entries · 16 + size · space)), where space is the dimension reached, mostly 3 to 6 times `count`.
    ///
    /// - Throws: `TrainingError.notConverged` when 40 times `count` dimensions do not hold the eigenvectors.
    init(of matrix: SparseMatrix, side: Side, count: Int, workers: Int) throws(TrainingError) {
        let (outer, inner) =
            side == .rows ? (matrix.byRow, matrix.byColumn) : (matrix.byColumn, matrix.byRow)
        let size = outer.lines
        let wanted = min(count, size)
        let most = min(size, BlockKrylov.limit * wanted)
        var random = SplitMix64(seed: 0x4B72_796C_6F76)
        var space = KrylovSpace(size: size, capacity: most + Panel.width)
        var scale = 1.0
        var nextCheck = min(size, 2 * wanted)
        while true {
            var panel = space.lastPanel ?? Panel(rows: size, random: &random)
            if space.lastPanel == nil {
                // The start, or a space that the matrix maps to itself: what is left is found from a fresh block.
                guard try space.append(&panel, floor: 1e-10) > 0 else { break }
            }
            var product = outer.times(inner.times(space.lastPanel!, workers: workers), workers: workers)
            if space.projections.isEmpty {
                scale = max(product.gram().values.max()!.squareRoot(), .leastNormalMagnitude)
            }
            space.project(&product)
            if space.dimension >= nextCheck || space.dimension >= most {
                let isLast = space.dimension >= most
                let ritz = try space.ritz(count: wanted, remainder: product.gram())
                let isLong =
                    isLast
                    || space.dimension >= BlockKrylov.patience * wanted
                        && space.dimension * matrix.byRow.values.count >= BlockKrylov.costly
                let isDone =
                    ritz.isConverged(BlockKrylov.tolerance)
                    || isLong && ritz.isConverged(relativeToOwn: BlockKrylov.clusterTolerance)
                if isDone || isLast && space.dimension >= size {
                    (values, vectors) = (ritz.values, space.vectors(ritz))
                    return
                }
                guard !isLast else { throw .notConverged(dimensions: space.dimension) }
                nextCheck = space.dimension + max(2 * Panel.width, space.dimension / 6)
            }
            _ = try space.append(&product, floor: BlockKrylov.breakdown * scale)
        }
        let ritz = try space.ritz(count: wanted, remainder: Matrix(rows: Panel.width, columns: Panel.width))
        (values, vectors) = (ritz.values, space.vectors(ritz))
    }
}
