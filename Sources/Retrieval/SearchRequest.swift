/// One question for a list: within a generation it determines the answer.
package struct SearchRequest: Sendable, Hashable {
    package enum Subject: Sendable, Hashable {
        /// Items like this one.
        case item(Int32)
        /// Items for somebody.
        case taste(Taste)
        /// Items near a vector of the space's dimensions.
        case vector(SearchSpace, [Float])
    }

    package let subject: Subject
    /// Results wanted.
    package var count: Int
    /// Better results, which are on the pages before; nil where the answer is no page of a longer list.
    package var offset: Int?
    package var options: SearchOptions
    /// Of the subject's recent history, when the request was resolved: an answer given before an event is none after it.
    var revision = 0

    package init(_ subject: Subject, count: Int = 10, options: SearchOptions = .init()) {
        self.subject = subject
        self.count = count
        self.options = options
    }

    /// - Parameter id: of the item or the user that is asked about.
    package init(_ route: RetrievalMetrics.Route, of id: Int32, count: Int = 10, options: SearchOptions = .init()) {
        switch route {
        case .similar: self.init(.item(id), count: count, options: options)
        case .recommendations: self.init(.taste(Taste(of: .user(id))), count: count, options: options)
        }
    }

    /// The question for a page's list from its beginning, with one result behind the page, which says whether there is
    /// another. Itself where it is for no page.
    var whole: SearchRequest {
        var whole = self
        if let offset { (whole.offset, whole.count) = (nil, offset + count + 1) }
        return whole
    }

    package var route: RetrievalMetrics.Route {
        switch subject {
        case .item: .similar
        case .taste: .recommendations
        case .vector(let space, _): space == .similarity ? .similar : .recommendations
        }
    }

    var person: Person? {
        switch subject {
        case .item, .vector: nil
        case .taste(let taste): taste.person
        }
    }
}
