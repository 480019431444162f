/// How a file of ratings is written.
package struct RatingsLayout: Sendable, Equatable {
    /// Names of the columns in a CSV's header.
    package struct Columns: Sendable, Equatable {
        package var user: String
        package var item: String
        package var rating: String
        package var timestamp: String

        /// Those of MovieLens 20M, 25M and 32M.
        package init(
            user: String = "userId", item: String = "movieId", rating: String = "rating",
            timestamp: String = "timestamp"
        ) {
            self.user = user
            self.item = item
            self.rating = rating
            self.timestamp = timestamp
        }
    }

    let separator: TextFields.Separator
    /// Nil for a file without a header, whose columns are user, item, rating, timestamp.
    let columns: Columns?
    /// Ratings outside are refused.
    package let scale: ClosedRange<Double>

    /// `ratings.dat` of 1M and 10M: `user::item::rating::timestamp`.
    package static let doubleColon = RatingsLayout(separator: .doubleColon, columns: nil, scale: 0.5...5)

    /// `u.data`, with half stars too: `user item rating timestamp`.
    package static let tabs = RatingsLayout(separator: .byte(UInt8(ascii: "\t")), columns: nil, scale: 0.5...5)

    /// A CSV with a header.
    ///
    /// - Parameter separator: an ASCII character: comma, semicolon, tab …
    package static func csv(
        _ columns: Columns = Columns(), separator: Character = ",", scale: ClosedRange<Double> = 0.5...5
    ) -> RatingsLayout {
        precondition(separator.asciiValue != nil, "columns are separated by an ASCII character")
        return RatingsLayout(separator: .byte(separator.asciiValue!), columns: columns, scale: scale)
    }
}
