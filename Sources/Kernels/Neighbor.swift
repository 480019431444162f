/// A row of a matrix and how far it lies from a query.
package struct Neighbor: Sendable, Equatable {
    package let row: Int32
    /// L2, not squared: the value pgvector's `<->` gives, the root in double precision of a single-precision sum.
    package let distance: Double

    package init(row: Int32, distance: Double) {
        self.row = row
        self.distance = distance
    }

    /// - Parameter squaredDistance: what a kernel gives.
    package init(row: Int32, squaredDistance: Float) {
        self.init(row: row, distance: Double(squaredDistance).squareRoot())
    }
}
