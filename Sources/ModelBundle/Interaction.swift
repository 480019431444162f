/// One rating that the vectors were learned from.
package struct Interaction: Sendable, Equatable {
    package var user: Int32
    package var item: Int32
    /// Stars in MovieLens.
    package var value: Float
    /// Seconds since 1970, UTC.
    package var timestamp: Int64

    package init(user: Int32, item: Int32, value: Float, timestamp: Int64) {
        self.user = user
        self.item = item
        self.value = value
        self.timestamp = timestamp
    }
}
