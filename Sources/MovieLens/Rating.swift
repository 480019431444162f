/// A row of a file of ratings.
package struct Rating: Sendable, Equatable {
    package let user: Int32
    package let item: Int32
    /// 1…5 stars, .5…5 in the newer data sets.
    package let value: Float
    /// Seconds since 1970, UTC.
    package let timestamp: Int64

    package init(user: Int32, item: Int32, value: Float, timestamp: Int64) {
        self.user = user
        self.item = item
        self.value = value
        self.timestamp = timestamp
    }
}
