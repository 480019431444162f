package import Kernels
package import ModelBundle
import MovieLens

/// The geometry of a bundle for vectors that another program has learned.
///
/// Every metric becomes an inner product, which the augmentation of Bachrach et al. (`AugmentedVectors`) turns into
/// the order of L2 distances:
/// - inner product: as it is;
/// - cosine: of the normalised vectors;
/// - l2: ‖u − v‖² = ‖u‖² − (⟨2u, v⟩ − ‖v‖²), so an item is [v, c‖v‖²] and a user [u, −1/(2c)], after both were moved
///   by the items' mean, which changes no distance and keeps the floats small; c = 1 / max ‖v‖.
///
/// A history is encoded by the sum of its items' rows: the direction of their mean vector (for l2: exactly the mean).
package struct ImportedModel: Sendable {
    package enum Metric: String, Sendable, CaseIterable {
        case l2
        case cosine
        case innerProduct = "inner-product"
    }

    package let geometry: Geometry
    /// items × dimensions, norm M.
    package let itemVectors: FloatMatrix
    /// items × dimensions of the input (+ 1 for l2), norm 1; zero for a zero vector.
    package let similarity: FloatMatrix
    /// users × dimensions, norm M, ending with 0; zero for a user without a direction.
    package let userVectors: FloatMatrix
    /// items × (dimensions − 1).
    package let encoder: FloatMatrix
    /// items × 0: there is no genre block.
    package let genreRows: FloatMatrix

    /// PostgreSQL's indexes take vectors of up to so many dimensions.
    package static let maximumDimensions = 2_000

    /// How far, in units of the longest vector, the sphere lies on which l2 similarity is measured. Distances on it are
    /// those of the input within 1 / (2 · 4²): 3 %.
    private static let sphere = 4.0

    /// - Throws: `MovieLensError` when the vectors do not fit the metric or each other.
    package init(items: OutsideVectors, users: OutsideVectors?, metric: Metric) throws {
        var itemRows = Matrix(items.vectors)
        var userRows = users.map { Matrix($0.vectors) } ?? Matrix(rows: 0, columns: itemRows.columns)
        guard itemRows.columns == userRows.columns else {
            throw MovieLensError(
                .malformed, file: users!.name,
                reason: "its vectors have \(userRows.columns) dimensions, those of \(items.name) \(itemRows.columns)")
        }
        guard itemRows.columns + 2 <= ImportedModel.maximumDimensions else {
            throw MovieLensError(
                .malformed, file: items.name,
                reason: "\(itemRows.columns) dimensions are more than an index takes "
                    + "(\(ImportedModel.maximumDimensions), two of which are ours)")
        }
        var similar = itemRows
        var encoder: Matrix
        switch metric {
        case .innerProduct:
            encoder = itemRows
        case .cosine:
            try ImportedModel.requireDirection(itemRows, items)
            if let users { try ImportedModel.requireDirection(userRows, users) }
            itemRows.normalizeRows(floor: 0)
            userRows.normalizeRows(floor: 0)
            encoder = itemRows
        case .l2:
            let mean = itemRows.columnMeans()
            itemRows.moveRows(by: mean)
            userRows.moveRows(by: mean)
            let longest = itemRows.rowNorms().max() ?? 0
            guard longest > 0 else {
                throw MovieLensError(.malformed, file: items.name, reason: "all vectors are the same")
            }
            similar = itemRows.appending { _ in ImportedModel.sphere * longest }
            encoder = itemRows.appending { _ in -longest / 2 }
            userRows = userRows.appending { _ in -longest / 2 }
            itemRows = itemRows.appending { row in row.reduce(0) { $0 + $1 * $1 } / longest }
        }
        similar.normalizeRows(floor: 0)
        let none = Matrix(rows: itemRows.rows, columns: 0)
        let (augmented, norm) = AugmentedVectors.make(itemRows, none, rated: Array(0..<itemRows.rows))
        guard norm > 0, norm.isFinite else {
            throw MovieLensError(.malformed, file: items.name, reason: "all vectors are zero")
        }
        var askers = userRows.appending { _ in 0 }
        askers.normalizeRows(to: norm, floor: 0)
        itemVectors = augmented.floats
        similarity = similar.floats
        userVectors = askers.floats
        self.encoder = encoder.floats
        genreRows = none.floats
        // Without a genre block the covariances have no part in a user vector.
        geometry = Geometry(
            dimensions: augmented.columns, similarityDimensions: similar.columns, maximumNorm: norm,
            spectralDimensions: itemRows.columns, genreDimensions: 0, itemGenreScale: 0, userGenreWeight: 0,
            prior: [Float](repeating: 0, count: itemRows.columns), base: [],
            decoderCovariance: [Float](repeating: 0, count: itemRows.columns * itemRows.columns),
            genreCovariance: [])
    }

    private static func requireDirection(_ rows: Matrix, _ source: OutsideVectors) throws {
        guard let row = rows.rowNorms().firstIndex(of: 0) else { return }
        throw MovieLensError(
            .malformed, file: source.name,
            reason: "the vector of id '\(source.texts[row] ?? String(source.ids[row]))' is zero: it has no cosine")
    }
}

extension Matrix {
    fileprivate func columnMeans() -> [Double] {
        var means = [Double](repeating: 0, count: columns)
        for row in 0..<rows {
            for column in 0..<columns { means[column] += values[row * columns + column] / Double(rows) }
        }
        return means
    }

    fileprivate mutating func moveRows(by offset: [Double]) {
        forEachRow { _, row in
            for column in 0..<row.count { row[column] -= offset[column] }
        }
    }

    /// One more column, computed from each row.
    fileprivate func appending(_ value: (ArraySlice<Double>) -> Double) -> Matrix {
        var result = widened(to: columns + 1)
        for row in 0..<rows { result[row, columns] = value(values[row * columns..<(row + 1) * columns]) }
        return result
    }
}
