package import Kernels

extension UserEncoder {
    /// What the entries of a history add to the scores of items.
    ///
    /// Two scales of a user vector depend on the whole history: the weight of its genre part, and what brings it to norm M.
    /// Held fixed, the score u · v is a sum: for each entry i
    /// m · (wᵢ Eᵢ · v_spectral + (c / n) gᵢ · v_genre), and for nobody in particular
    /// m · (S₀ · v_spectral − c base · v_genre), with c and m the scales and n the entries that are not disliked.
    package struct Contributions: Sendable {
        private let encoder: UserEncoder
        private let history: [Entry]
        private let scale: Double
        /// c, which is 0 where there is no genre part.
        private let genreScale: Double
        private let likedCount: Int

        fileprivate init(_ encoder: UserEncoder, _ history: [Entry], _ parts: Parts) {
            self.encoder = encoder
            self.history = history
            scale = parts.scale
            genreScale = parts.genreScale
            likedCount = history.count(where: \.isLiked)
        }

        /// The parts of one item's score; they add up to u · v but for rounding.
        ///
        /// O(history · dimensions).
        ///
        /// - Parameter item: the item's vector.
        /// - Returns: a part for each entry, in the order of the history, and what everybody would get.
        package func parts(of item: FloatMatrix.Row) -> (baseline: Double, entries: [Double]) {
            let geometry = encoder.geometry
            return item.withUnsafeBufferPointer { item in
                let spectral = UnsafeBufferPointer(rebasing: item[..<geometry.spectralDimensions])
                let genres = UnsafeBufferPointer(
                    rebasing: item[geometry.spectralDimensions...].prefix(geometry.genreDimensions))
                let baseline =
                    Self.product(geometry.prior, spectral)
                    - (likedCount > 0 ? genreScale * Self.product(geometry.base, genres) : 0)
                let entries = history.map { entry in
                    var part = entry.weight * Self.product(encoder.encoder[entry.row], spectral)
                    if entry.isLiked {
                        part += genreScale / Double(likedCount) * Self.product(encoder.genreRows[entry.row], genres)
                    }
                    return scale * part
                }
                return (scale * baseline, entries)
            }
        }

        private static func product(_ row: FloatMatrix.Row, _ other: UnsafeBufferPointer<Float>) -> Double {
            row.withUnsafeBufferPointer { product($0, other) }
        }

        private static func product(
            _ row: some RandomAccessCollection<Float>, _ other: UnsafeBufferPointer<Float>
        ) -> Double {
            zip(row, other).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
    }

    /// Nil where the history has no vector.
    package func contributions(of history: [Entry]) -> Contributions? {
        parts(history).map { Contributions(self, history, $0) }
    }
}
