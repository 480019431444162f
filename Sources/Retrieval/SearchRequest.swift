/// One question for a list: within a generation it determines the answer.
package struct SearchRequest: Sendable, Hashable {
    package let route: RetrievalMetrics.Route
    /// Of the item or the user that is asked about.
    package let id: Int32
    /// Results wanted.
    package var count: Int
    package var options: SearchOptions

    package init(_ route: RetrievalMetrics.Route, of id: Int32, count: Int = 10, options: SearchOptions = .init()) {
        self.route = route
        self.id = id
        self.count = count
        self.options = options
    }
}
