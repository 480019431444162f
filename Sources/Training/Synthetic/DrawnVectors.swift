import Kernels
import ModelBundle
import MovieLens

/// The vectors of generated items, made of the same blocks as learned ones (`Geometry`).
///
/// An item's direction is its cluster's centre and some spread. The recommendation vector is that direction, as long as
/// the item is popular, then its genres, then the augmentation; the similarity vector has no popularity but the year.
struct DrawnVectors {
    let geometry: Geometry
    let itemVectors: FloatMatrix
    let similarity: FloatMatrix
    /// The directions, of norm 1.
    let encoder: FloatMatrix
    let genreRows: FloatMatrix

    /// s0: what the popularities are on average.
    private static let genreScale = 0.165
    /// How much the genres and the year weigh in a similarity vector, against a direction of norm 1.
    private static let similarGenres = 0.5
    private static let similarYear = 0.3
    /// The covariances are of so many items: the rows do not depend on each other, and these say enough.
    private static let covarianceSample = 20_000

    init(_ items: DrawnItems, clusters: [ItemCluster], dimensions: Int, seed: UInt64) {
        let coordinates = dimensions - GenreShares.count - 1
        let profile = ItemCluster.profile(coordinates)
        let count = items.all.count
        let directions = FloatMatrix(rows: count, columns: coordinates) { row, target in
            var random = RandomStream.coordinates.generator(row, seed: seed)
            let cluster = clusters[Int(items.all[row].cluster)]
            for column in 0..<coordinates {
                target[column] = Float(cluster.centre[column] + cluster.spread * profile[column] * random.bell())
            }
            target.normalize(to: 1)
        }
        let genres = FloatMatrix(rows: count, columns: GenreShares.count) { row, target in
            let bits = items.all[row].genres
            let share = Float(1 / Double(bits.nonzeroBitCount).squareRoot())
            for genre in 0..<GenreShares.count where bits & 1 << UInt32(genre) != 0 { target[genre] = share }
        }
        // The longest decoder row has norm 1, and a genre row always has.
        let norm = (1 + Self.genreScale * Self.genreScale).squareRoot()
        itemVectors = FloatMatrix(rows: count, columns: dimensions) { row, target in
            let popularity = items.all[row].popularity
            for column in 0..<coordinates { target[column] = popularity * directions[row, column] }
            for genre in 0..<GenreShares.count {
                target[coordinates + genre] = Float(Self.genreScale) * genres[row, genre]
            }
            let square = target.reduce(0.0) { $0 + Double($1) * Double($1) }
            target[dimensions - 1] = Float(max(0, norm * norm - square).squareRoot())
        }
        similarity = FloatMatrix(rows: count, columns: dimensions) { row, target in
            for column in 0..<coordinates { target[column] = directions[row, column] }
            for genre in 0..<GenreShares.count {
                target[coordinates + genre] = Float(Self.similarGenres) * genres[row, genre]
            }
            target[dimensions - 1] = Float(Self.similarYear * (Double(items.all[row].year) - 1990) / 30)
            target.normalize(to: 1)
        }
        encoder = directions
        genreRows = genres
        let sample = min(count, Self.covarianceSample)
        let decoder = (0..<sample).map { row in
            directions[row].map { Double(items.all[row].popularity) * Double($0) }
        }
        let tags = (0..<sample).map { genres[$0].map(Double.init) }
        geometry = Geometry(
            dimensions: dimensions, similarityDimensions: dimensions, maximumNorm: norm,
            spectralDimensions: coordinates, genreDimensions: GenreShares.count, itemGenreScale: Self.genreScale,
            userGenreWeight: Hyperparameters().userGenreWeight,
            prior: [Float](repeating: 0, count: coordinates), base: Self.mean(tags).map { Float($0) },
            decoderCovariance: Self.covariance(decoder), genreCovariance: Self.covariance(tags))
    }

    /// users × dimensions.
    func userVectors(_ histories: [ItemHistory]) -> FloatMatrix {
        let userEncoder = UserEncoder(geometry: geometry, encoder: encoder, genreRows: genreRows)
        return FloatMatrix(rows: histories.count, columns: geometry.dimensions) { row, target in
            guard let vector = userEncoder.encode(histories[row].entries) else { return }
            _ = target.update(fromContentsOf: vector)
        }
    }

    private static func mean(_ rows: [[Double]]) -> [Double] {
        var sums = [Double](repeating: 0, count: rows[0].count)
        for row in rows {
            for column in sums.indices { sums[column] += row[column] }
        }
        return sums.map { $0 / Double(rows.count) }
    }

    private static func covariance(_ rows: [[Double]]) -> [Float] {
        let mean = mean(rows)
        let count = mean.count
        var sums = [Double](repeating: 0, count: count * count)
        for row in rows {
            for left in 0..<count {
                for right in 0..<count {
                    sums[left * count + right] += (row[left] - mean[left]) * (row[right] - mean[right])
                }
            }
        }
        return sums.map { Float($0 / Double(rows.count)) }
    }
}

extension FloatMatrix {
    /// Fills the rows on all processors; each is zero before.
    fileprivate init(
        rows: Int, columns: Int,
        byRow fill: @Sendable (_ row: Int, _ target: UnsafeMutableBufferPointer<Float>) -> Void
    ) {
        self.init(rows: rows, columns: columns) { elements in
            // A part is a range of rows, and no two ranges overlap.
            let shared = SharedBuffer(elements)
            let part = 4096
            Parallel.forEach(parts: (rows + part - 1) / part, workers: Parallel.processors) { index in
                for row in index * part..<min((index + 1) * part, rows) {
                    fill(row, .init(rebasing: shared.elements[row * columns..<(row + 1) * columns]))
                }
            }
        }
    }
}

extension UnsafeMutableBufferPointer<Float> {
    fileprivate func normalize(to norm: Double) {
        let square = reduce(0.0) { $0 + Double($1) * Double($1) }
        let factor = norm / square.squareRoot()
        for index in indices { self[index] = Float(Double(self[index]) * factor) }
    }
}
